import type { ClickRecord } from '../../../lambdas/contract/clicks.ts';
import { creditConversion } from '../../../lambdas/core/attribution/credit.ts';
import { splitSeries } from '../../../lambdas/core/attribution/split.ts';
import type { Conversion, RuleModel, Touch } from '../../../lambdas/core/attribution/types.ts';
import { windowMs } from '../../../lambdas/core/attribution/window.ts';
import type { AttributionRules, AttributionTerms } from '../../../sql/attribution-terms.ts';
import { keyOf, type Recipient } from '../recipients-sample.ts';
import type { SendRow } from '../sends-sample.ts';
import type { Entry, ImportedTouch } from './sample.ts';

/** Everything attribution reads, each row once. */
export interface Facts {
  readonly clicks: readonly ClickRecord[];
  readonly imported: readonly ImportedTouch[];
  readonly recipients: readonly Recipient[];
  /** Messages told sent or delivered. */
  readonly sends: readonly SendRow[];
  /** Entries of the newest version. */
  readonly entries: readonly Entry[];
}

/** What one entry gives one touch (or nobody, for a reason), minor units. */
export interface Credited {
  readonly entry: Entry;
  readonly touch: Touch | null;
  readonly reason: string | null;
  readonly weight: number;
  readonly revenue: number;
  readonly payout: number;
  /** True on the entry that counts the conversion: its sale. */
  readonly counts: boolean;
}

const SKEW = 60_000;

/** The ledger attributed by the core library, entry by entry. */
export function recount(facts: Facts, terms: AttributionTerms): Credited[] {
  const groups = Map.groupBy(facts.entries, ({ conversion_id }) => conversion_id);
  return [...groups.values()].flatMap((entries) => creditedEntries(entries, facts, terms));
}

function creditedEntries(given: readonly Entry[], facts: Facts, terms: AttributionTerms): Credited[] {
  const entries = given.toSorted((a, b) => a.occurred_at - b.occurred_at || numberOf(a) - numberOf(b));
  const [head] = given.toSorted((a, b) => numberOf(b) - numberOf(a));
  if (!head) return [];
  const { choice } = terms;
  const { credits, reason } = creditConversion(conversionOf(head), touchesFor(head, facts, terms), {
    model: choice.model as RuleModel,
    window: choice.window === null ? null : windowMs(choice.window),
    halfLife: windowMs(choice.half_life) ?? 0,
    actors: choice.actors as ClickRecord['actor'][],
  } as Parameters<typeof creditConversion>[2]);
  const parts = credits.length > 0 ? credits : [{ touch: null, weight: 1 }];
  const weights = parts.map(({ weight }) => weight);
  const revenue = sharesOf(entries, weights, (entry) => entry.revenue_minor ?? 0);
  const payout = sharesOf(entries, weights, (entry) => entry.payout_minor ?? 0);
  const sale = given.filter(({ entry }) => entry === 'sale').toSorted((a, b) => numberOf(a) - numberOf(b))[0];
  return entries.flatMap((entry) =>
    parts.map(({ touch, weight }, at) => ({
      entry,
      touch,
      reason,
      weight,
      revenue: revenue.get(entry)?.[at] ?? 0,
      payout: payout.get(entry)?.[at] ?? 0,
      counts: entry === sale,
    })),
  );
}

const numberOf = ({ entry_id }: Entry) => Number(entry_id.split('-').at(-1));

/** Each currency is a series of its own. */
function sharesOf(entries: readonly Entry[], weights: readonly number[], amount: (entry: Entry) => number) {
  const shares = new Map<Entry, readonly number[]>();
  for (const series of Map.groupBy(entries, ({ currency }) => currency).values()) {
    const rows = splitSeries(series.map(amount), weights);
    for (const [at, entry] of series.entries()) shares.set(entry, rows[at] ?? []);
  }
  return shares;
}

function conversionOf(head: Entry): Conversion {
  return {
    conversion_id: head.conversion_id,
    source_kind: head.source_kind as Conversion['source_kind'],
    occurred_at: head.converted_at,
    subscriber_no: head.subscriber_no ?? null,
    match: head.match as Conversion['match'],
    click_id: head.click_id ?? null,
    promo_code: head.promo_code ?? null,
  };
}

/** Clicks on known codes; a validation page is none. */
export const isCounted = ({ code_kind, outcome }: ClickRecord) => code_kind !== 'unknown' && outcome !== 'validation';

/** Gives touches the window of their campaign, else of their offer, else the account's. */
export const windowed =
  (rules: AttributionRules) =>
  (fields: Omit<Touch, 'window_ms'>): Touch => {
    const { campaign_id, offer_id } = fields;
    const window = rules.campaign_windows[campaign_id ?? ''] ?? rules.offer_windows[offer_id ?? ''] ?? rules.window;
    return { ...fields, window_ms: windowMs(window) ?? 0 };
  };

/** All touches as one conversion sees them: its named click by its id, from its own columns where no row has landed. */
function touchesFor(head: Entry, { clicks, imported, recipients, sends }: Facts, { rules }: AttributionTerms): Touch[] {
  const touch = windowed(rules);
  const counted = clicks.filter(isCounted);
  const own = counted.find(({ click_id }) => click_id === head.click_id);
  const rebuilt = own ? [] : counted.filter((click) => isRebuilt(click, head));
  const name = head.match === 'click_id' ? rebuilt[0]?.click_id : undefined;
  const known = counted
    .filter((click) => head.match !== 'click_id' || !own || !isRebuilt(click, head))
    .map((click) => touch(ofClick(click, click.click_id === name ? (head.click_id ?? '') : click.click_id)));
  const isMissing = head.match === 'click_id' && head.clicked_at !== null && !own && rebuilt.length === 0;
  return [
    ...known,
    ...(isMissing ? [touch(standIn(head))] : []),
    ...imported.map((row) => touch(ofImported(row))),
    ...carriersIn(recipients).flatMap((row) => ofCarrier(row, sends).map(touch)),
    ...(head.match === 'promo_code' && head.promo_code ? [touch(redeemed(head))] : []),
  ];
}

/** Messages that carried a code, each where it was first minted. */
function carriersIn(recipients: readonly Recipient[]): Recipient[] {
  const carrying = recipients.filter(({ code, promo_code }) => code !== null && promo_code !== null);
  const first = carrying.toSorted((a, b) => a.minted_at - b.minted_at);
  const groups = Map.groupBy(first, (row) => `${keyOf(row)} ${row.promo_code}`);
  return [...groups.values()].flatMap((group) => group.slice(0, 1));
}

const isRebuilt = (click: ClickRecord, { nonce, link_no, clicked_at }: Entry) =>
  click.recovered &&
  click.nonce === nonce &&
  click.link_no === link_no &&
  Math.abs(click.ts - (clicked_at ?? 0)) <= SKEW;

type Fields = Omit<Touch, 'window_ms'>;
const attribution = ({ campaign_id, message_id, creative, segment, partner, offer_id }: Partial<Fields>) => ({
  campaign_id: campaign_id ?? null,
  message_id: message_id ?? null,
  creative: creative ?? null,
  segment: segment ?? null,
  partner: partner ?? null,
  offer_id: offer_id ?? null,
});

export function ofClick(click: ClickRecord, touch_id: string): Fields {
  const { ts, actor, subscriber_no, link_no } = click;
  const kind = { kind: 'click', imported: false, channel: 'sms', actor: actor as Touch['actor'] } as const;
  return {
    ...attribution(click as Partial<Fields>),
    ...kind,
    touch_id,
    ts,
    subscriber_no: subscriber_no ?? null,
    link_no: link_no ?? null,
  };
}

export function ofImported(row: ImportedTouch): Fields {
  const kind = { kind: row.kind as Touch['kind'], imported: true, channel: row.channel, actor: null };
  return {
    ...attribution(row as Partial<Fields>),
    ...kind,
    touch_id: row.id,
    ts: row.ts,
    subscriber_no: row.subscriber_no ?? null,
    link_no: null,
  };
}

/** At the time it was sent; where messages over its link are told and this one is not, it carried nothing. */
function ofCarrier(row: Recipient, sends: readonly SendRow[]): Fields[] {
  const kind = { kind: 'code', imported: false, channel: 'sms', actor: null } as const;
  const { link_no, subscriber_no } = row;
  const told = sends.filter((send) => /^(sent|delivered)$/.test(send.type) && send.link_no === link_no);
  const own = told.filter((send) => send.subscriber_no === subscriber_no).map(({ ts }) => ts);
  if (told.length > 0 && own.length === 0) return [];
  const ts = own.length > 0 ? Math.min(...own) : row.minted_at;
  const attributes = attribution(row as Partial<Fields>);
  return [{ ...attributes, ...kind, touch_id: row.promo_code ?? '', ts, subscriber_no, link_no }];
}

function standIn(head: Entry): Fields {
  const kind = { kind: 'click', imported: false, channel: 'sms', actor: 'human' } as const;
  const { click_id, clicked_at, subscriber_no, link_no } = head;
  return {
    ...attribution(head as Partial<Fields>),
    ...kind,
    touch_id: click_id ?? '',
    ts: clicked_at ?? 0,
    subscriber_no: subscriber_no ?? null,
    link_no: link_no ?? null,
  };
}

function redeemed(head: Entry): Fields {
  const kind = { kind: 'code', imported: false, channel: 'sms', actor: null } as const;
  return {
    ...attribution(head as Partial<Fields>),
    ...kind,
    touch_id: head.promo_code ?? '',
    ts: 0,
    subscriber_no: head.subscriber_no ?? null,
    link_no: null,
  };
}

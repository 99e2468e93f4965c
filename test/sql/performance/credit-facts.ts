import { ageAt } from '../../../lambdas/core/attribution/window.ts';
import { exponentOf } from '../../../lambdas/core/money.ts';
import type { ReportRequest } from '../../../sql/catalog.ts';
import { type Credited, recount } from '../attribution/recount.ts';
import { RULES } from '../attribution/sample.ts';
import { amountIn, answeredAt, EMPTY, type Fact, peopleOf, type World, wantedOf } from './world.ts';

/** What entries give to touches, by the core library. */
export function creditFacts(world: World, request: ReportRequest): Fact[] {
  if (!request.terms) return [];
  const groups = Map.groupBy(recount(world.ledger, request.terms), ({ entry }) => entry.conversion_id);
  return [...groups.values()].flatMap((all) => {
    const isReversed = all.some(({ entry }) => entry.status === 'reversed') || isTakenBack(all);
    return all.map((credited) => creditFact(world, request, credited, isReversed));
  });
}

function isTakenBack(credits: readonly Credited[]): boolean {
  const entries = [...new Set(credits.map(({ entry }) => entry))];
  const sums = [...Map.groupBy(entries, ({ currency }) => currency).values()].map((own) => {
    const sum = (of: readonly Credited['entry'][]) =>
      of.reduce((total, { revenue_minor }) => total + (revenue_minor ?? 0), 0);
    return { net: sum(own), gross: sum(own.filter(({ entry }) => entry === 'sale' || entry === 'correction')) };
  });
  return sums.some(({ gross }) => gross > 0) && sums.every(({ net }) => net <= 0);
}

function creditFact(world: World, request: ReportRequest, credited: Credited, isReversed: boolean): Fact {
  const { entry } = credited;
  const wanted = wantedOf(request);
  const currency = entry.currency ?? null;
  const shift = (exponentOf(wanted) ?? 2) - (exponentOf(currency ?? '') ?? 2);
  const amount = (own: number) => amountIn(world, wanted, { currency, own, ts: entry.occurred_at, shift });
  const { campaign_events, events } = request.terms?.rules ?? RULES;
  const isCounted =
    credited.counts &&
    entry.status !== 'rejected' &&
    (campaign_events[entry.campaign_id ?? ''] ?? events).includes(entry.event);
  return {
    ...EMPTY,
    ts: clockOf(world, request, credited),
    dimensions: dimensionsOf(world, request, credited),
    cluster: clusterOf(world, credited),
    currency,
    credited: {
      ...credited,
      revenue_amount: amount(credited.revenue),
      payout_amount: amount(credited.payout),
      isReversed,
      isCounted,
    },
  };
}

/** The row of the click that a touch is: it may have been rebuilt under another id. */
function clickOf({ ledger }: World, { touch }: Credited) {
  if (touch?.kind !== 'click' || touch.imported) return undefined;
  const withId = (id: string) => ledger.clicks.find(({ click_id }) => click_id === id);
  return withId(touch.touch_id) ?? withId(`rebuilt-${touch.touch_id}`);
}

const OF_TOUCHES = ['campaign_id', 'message_id', 'creative', 'segment', 'offer_id', 'partner', 'channel'] as const;

function dimensionsOf(world: World, request: ReportRequest, credited: Credited): Fact['dimensions'] {
  const { entry, touch, reason } = credited;
  const people = peopleOf(world, request, touch?.link_no ?? null, touch?.subscriber_no ?? null);
  return {
    ...Object.fromEntries(OF_TOUCHES.map((name) => [name, touch ? touch[name] : '(unattributed)'])),
    link_no: touch?.link_no ?? null,
    actor: touch?.actor ?? null,
    country: clickOf(world, credited)?.country ?? null,
    source: entry.source_id,
    event: entry.event,
    status: entry.status,
    match: entry.match,
    product: entry.product,
    reason,
    arm: people.arm,
    subscriber_id: entry.subscriber_id ?? people.subscriber_id,
  };
}

function clusterOf(world: World, credited: Credited): string {
  const { entry, touch } = credited;
  const person = (touch ? touch.subscriber_no : entry.subscriber_no) ?? null;
  if (person !== null) return `person ${person}`;
  return touch ? `click ${clickOf(world, credited)?.click_id ?? touch.touch_id}` : `conversion ${entry.conversion_id}`;
}

function clockOf(world: World, { basis }: ReportRequest, credited: Credited): number {
  const { entry, touch } = credited;
  if (basis === 'conversion') return entry.occurred_at;
  if (!touch) return entry.converted_at;
  const click = clickOf(world, credited);
  const ts = click?.ts ?? touch.ts;
  return basis === 'send' ? answeredAt(world, { ...touch, ts }, click?.sent_at ?? null) : ts;
}

/** From a credited click of ours to its conversion, ms. */
export function delayOf({ credited }: Fact): number | null {
  if (!credited?.isCounted || !credited.touch || credited.weight <= 0) return null;
  const { touch, entry } = credited;
  return touch.kind === 'click' && !touch.imported ? ageAt(entry.converted_at, touch.ts) : null;
}

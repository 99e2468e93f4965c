import fc from 'fast-check';
import type { ClickRecord } from '../../../lambdas/contract/clicks.ts';
import { clickOf, type Delivered, utcDay, writeDelivered } from '../clicks-sample.ts';
import { type Minting, type Recipient, recipientOf, writeMintings } from '../recipients-sample.ts';
import { type SendRow, sendOf, writeSends } from '../sends-sample.ts';
import type { Facts } from './recount.ts';
import {
  type Arrived,
  DAY,
  type Entry,
  entryOf,
  HOUR,
  type ImportedTouch,
  importedOf,
  NOW,
  writeArrived,
} from './sample.ts';

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const MINUTE = 60_000;

/** Moments before a conversion: edges of windows and of the clock skew, ties, and any millisecond. */
const anyAge = fc.oneof(
  oneOf(0, 1, -1, -MINUTE, -MINUTE - 1, DAY, DAY + 1, DAY - 1, 7 * DAY, 7 * DAY + 1, 30 * DAY, 2 * HOUR, 2 * HOUR + 1),
  fc.integer({ min: -2 * HOUR, max: 31 * DAY }),
);

const anyClick = fc.record({
  age: anyAge,
  subscriber_no: oneOf(1, 2, 3, 3, null),
  link_no: oneOf(1, 2, 10),
  offer_id: oneOf('o1', 'o2', null, null),
  campaign_id: oneOf('a', 'b', null),
  actor: oneOf('human', 'human', 'human', 'suspect', 'bot'),
  outcome: oneOf('redirected', 'redirected', 'redirected', 'redirected', 'fallback:paused', 'validation'),
  code_kind: oneOf('personal', 'personal', 'personal', 'slug', 'unknown'),
  fate: oneOf('landed', 'landed', 'landed', 'twice', 'missing', 'rebuilt', 'both'),
});

const anyImported = fc.record({
  age: anyAge,
  kind: oneOf('click', 'view', 'delivery'),
  subscriber_no: oneOf(1, 2, 3, null),
  offer_id: oneOf('o1', null),
  campaign_id: oneOf('a', 'mail', null),
});

const anyCarrier = fc.record({
  age: fc.integer({ min: -HOUR, max: 40 * DAY }),
  link_no: oneOf(1, 2, 10),
  subscriber_no: oneOf(1, 2, 3),
  promo_code: oneOf('CODE-1', 'CODE-2', 'CODE-3', null),
  code: oneOf('some-code', 'some-code', null),
  told: oneOf(null, null, 'sent', 'delivered', 'failed', 'another'),
});

const anyConversion = fc.record({
  // A grid, so that conversions meet the touches made from the same ages at the edges.
  delay: oneOf(0, 0, 0, 1, MINUTE, -DAY, 2 * HOUR),
  source_kind: oneOf('shop', 'own', 'network'),
  match: oneOf('click_id', 'click_id', 'click_id', 'identity', 'promo_code', 'none'),
  click: fc.nat(),
  subscriber_no: oneOf(1, 2, 3, null),
  knowsWho: fc.boolean(),
  promo_code: oneOf('CODE-1', 'CODE-2', 'CODE-3', null),
  event: oneOf('sale', 'sale', 'lead', 'rebill'),
  status: oneOf('approved', 'approved', 'pending', 'rejected', 'reversed'),
  amounts: fc.array(fc.integer({ min: -5_000, max: 9_999 }), { minLength: 1, maxLength: 4 }),
  odd: oneOf('plain', 'plain', 'rematched', 'twice', 'two currencies', 'no money', 'huge'),
});

export const anyLedger = fc.record({
  clicks: fc.array(anyClick, { minLength: 8, maxLength: 60 }),
  imported: fc.array(anyImported, { maxLength: 15 }),
  carriers: fc.array(anyCarrier, { maxLength: 8 }),
  conversions: fc.array(anyConversion, { minLength: 10, maxLength: 60 }),
});
type Given = typeof anyLedger extends fc.Arbitrary<infer T> ? T : never;

/** What is in the lake, and what it amounts to. */
export interface Ledger {
  readonly facts: Facts;
  readonly clicks: readonly Delivered[];
  readonly imported: readonly Arrived<ImportedTouch>[];
  readonly minted: readonly Minting[];
  readonly sends: readonly SendRow[];
  readonly entries: readonly Arrived<Entry>[];
}

/** Each touch has a message of its own and each conversion a product of its own, so that a report can tell them apart. */
export function ledgerOf(given: Given, now = NOW): Ledger {
  const clicks = given.clicks.map(({ age, fate, ...fields }, at) => ({
    fate,
    click: clickOf({ ...fields, ts: now - age, nonce: 1_000 + at, click_id: `c${at}`, message_id: `m${at}` }),
  }));
  const imported = given.imported.map(({ age, ...fields }, at) =>
    importedOf({ ...fields, id: `c${at}`, ts: now - age, message_id: `i${at}` }),
  );
  const recipients = given.carriers.map(({ age, told: _, ...fields }, at) =>
    recipientOf({ ...fields, minted_at: now - age, message_id: `r${at}` }),
  );
  const sends = given.carriers.flatMap((carrier, at) => sendsOf(carrier, at, now));
  const landed = clicks.flatMap(({ click, fate }) => landedOf(click, fate));
  const conversions = given.conversions.map((one, at) =>
    entriesOf(
      one,
      { conversion_id: `o${at}`, now },
      clicks.map(({ click }) => click),
    ),
  );
  return {
    facts: { clicks: landed, imported, recipients, sends, entries: conversions.flatMap(({ newest }) => newest) },
    clicks: clicks.flatMap(({ click, fate }) => deliveriesOf(click, fate)),
    imported: imported.flatMap((row, at) => arrivals(row, row.ts, at)),
    minted: recipients.map((recipient: Recipient) => ({ recipient, dt: utcDay(recipient.minted_at) })),
    sends,
    entries: conversions.flatMap(({ arrived }) => arrived),
  };
}

/** A message is told two days after it was minted; of some links only those of others. */
function sendsOf({ age, told, link_no, subscriber_no }: Given['carriers'][number], at: number, now: number): SendRow[] {
  if (told === null) return [];
  const who = told === 'another' ? { type: 'sent', subscriber_no: 99 } : { type: told, subscriber_no };
  return [sendOf({ ...who, id: `carrier-${at}`, link_no, ts: now - age + 2 * DAY })];
}

const rebuiltOf = (click: ClickRecord): ClickRecord => ({
  ...click,
  click_id: `rebuilt-${click.click_id}`,
  ts: click.ts + 12,
  recovered: true,
});

function landedOf(click: ClickRecord, fate: string): ClickRecord[] {
  if (fate === 'missing') return [];
  return [...(fate === 'rebuilt' ? [] : [click]), ...(fate === 'rebuilt' || fate === 'both' ? [rebuiltOf(click)] : [])];
}

/** Some arrive after midnight, some on both sides of it. */
function deliveriesOf(click: ClickRecord, fate: string): Delivered[] {
  const late = click.link_no === 2 ? 1 : 0;
  return landedOf(click, fate).flatMap((one) => [
    { click: one, dt: utcDay(one.ts, late) },
    ...(fate === 'twice' ? [{ click: { ...one, actor: 'bot', rules_version: 'test-0' }, dt: utcDay(one.ts) }] : []),
  ]);
}

const arrivals = <T>(row: T, time: number, at: number): Arrived<T>[] => [
  { row, dt: utcDay(time) },
  ...(at % 3 === 0 ? [{ row, dt: utcDay(time, 1) }] : []),
];

/** The entries of one conversion as they arrived, and the newest version of each. */
function entriesOf(
  given: Given['conversions'][number],
  { conversion_id, now }: { conversion_id: string; now: number },
  clicks: readonly ClickRecord[],
): { newest: Entry[]; arrived: Arrived<Entry>[] } {
  const converted_at = now + given.delay;
  const who = whoOf(given, clicks);
  const newest = given.amounts.map((amount, at) => {
    const occurred_at = converted_at + at * 7 * HOUR;
    const kind = ['refund', 'chargeback', 'correction', 'status'][at % 4] as string;
    const currency = given.odd === 'two currencies' && at % 2 === 1 ? 'JPY' : 'USD';
    const money = given.odd === 'huge' ? amount * 1_000_000_007 : amount;
    const hasMoney = given.odd !== 'no money';
    return entryOf({
      ...who,
      entry_id: `${conversion_id}-${at + 9}`,
      conversion_id,
      entry: at === 0 ? 'sale' : kind,
      event: given.event,
      status: given.status,
      product: conversion_id,
      source_kind: given.source_kind,
      occurred_at,
      converted_at,
      received_at: occurred_at,
      version: given.odd === 'rematched' ? 2 : 1,
      revenue_minor: hasMoney ? money : null,
      payout_minor: hasMoney && given.source_kind === 'network' ? money : null,
      currency: hasMoney ? currency : null,
    });
  });
  const before = given.odd === 'rematched' ? newest.map(unmatched) : [];
  const again = given.odd === 'twice' ? newest : [];
  return {
    newest,
    arrived: [
      ...[...newest, ...before].map((row) => ({ row, dt: utcDay(row.received_at) })),
      ...again.map((row) => ({ row, dt: utcDay(row.received_at, 1) })),
    ],
  };
}

const unmatched = (entry: Entry): Entry => ({
  ...entry,
  version: 1,
  match: 'none',
  subscriber_no: null,
  click_id: null,
});

/** Who converted, as the ledger would say: by the click named, the code redeemed or an identity. */
function whoOf(given: Given['conversions'][number], clicks: readonly ClickRecord[]): Partial<Entry> {
  const { match, promo_code } = given;
  if (match === 'none') return { match, promo_code, subscriber_no: null };
  if (match !== 'click_id') return { match, promo_code, subscriber_no: given.subscriber_no ?? 1, campaign_id: 'a' };
  const click = clicks[given.click % clicks.length] ?? clickOf();
  const { click_id, link_no, nonce, campaign_id, message_id, offer_id } = click;
  const named = { click_id, clicked_at: click.ts, link_no, nonce, campaign_id, message_id, offer_id };
  return {
    match,
    promo_code,
    ...named,
    subscriber_no: click.subscriber_no ?? (given.knowsWho ? given.subscriber_no : null),
  };
}

/** Fills a lake. */
export async function writeLedger(lakeDir: string, ledger: Ledger): Promise<void> {
  await writeDelivered(lakeDir, ledger.clicks);
  await writeArrived(lakeDir, 'touches', ledger.imported);
  await writeArrived(lakeDir, 'conversions', ledger.entries);
  await writeMintings(lakeDir, ledger.minted);
  await writeSends(lakeDir, ledger.sends);
}

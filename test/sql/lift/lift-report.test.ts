import { rmSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { finishReport, type ReportRequest, renderReport, reports } from '../../../sql/catalog.ts';
import { openLake } from '../../../sql/duckdb.ts';
import type { LiftTerms } from '../../../sql/lift-terms.ts';
import { CHOICE, DAY, type Entry, entryOf, HOUR, NOW, RULES, writeReceived } from '../attribution/sample.ts';
import { temporaryFolder } from '../lake-writer.ts';
import { sendOf, totalsOf } from '../performance/sends-sample.ts';
import { type Recipient, recipientOf, writeRecipients } from '../recipients-sample.ts';
import { type SendRow, type TotalRow, writeSends, writeTotals } from '../sends-sample.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
function folder(): string {
  const made = temporaryFolder('lift');
  folders.push(made);
  return made;
}

type Row = Record<string, unknown>;
const EXPERIMENTS: LiftTerms = { e1: { window: '7d', events: ['sale'], control: 'holdout', ends_at: NOW + 10 * DAY } };
const PLAN = new Map([
  [
    'e1',
    [
      { name: 'treatment', share: 0.5 },
      { name: 'holdout', share: 0.5 },
    ],
  ],
]);

const requestOf = (asked: Partial<ReportRequest>): ReportRequest => ({
  from: 0,
  to: NOW + 30 * DAY,
  tz: 'UTC',
  by: [],
  filters: {},
  limit: 500,
  offset: 0,
  asOf: NOW + 30 * DAY,
  terms: { choice: CHOICE, rules: RULES },
  experiments: EXPERIMENTS,
  ...asked,
});
const context = { plannedArms: async () => PLAN };

async function told(lakeDir: string, asked: Partial<ReportRequest> = {}) {
  const lake = await openLake({ lakeDir });
  try {
    const request = requestOf(asked);
    const found = await lake.run(renderReport('lift', request));
    const rows: Row[] = [...(await finishReport('lift', request, found, context))];
    return { rows, warnings: reports.lift?.warn?.(found, request).map(({ code, message }) => [code, message]) };
  } finally {
    lake.close();
  }
}

const report = async (lakeDir: string, asked: Partial<ReportRequest> = {}) => (await told(lakeDir, asked)).rows;

/** Subscribers `first` to `last` drawn into an arm at NOW. */
const inArm = (arm: string, first: number, last: number, given: Partial<Recipient> = {}) =>
  Array.from({ length: last - first + 1 }, (_, at) =>
    recipientOf({
      subscriber_no: first + at,
      experiment: 'e1',
      arm,
      code: arm === 'holdout' ? null : 'code',
      minted_at: NOW,
      campaign_id: 'welcome',
      ...given,
    }),
  );

let orders = 0;
/** An order of a subscriber whom identity names, but for what is given. */
const order = (subscriber_no: number, given: Partial<Entry> = {}): Entry => {
  orders += 1;
  return entryOf({
    conversion_id: `order-${orders}`,
    subscriber_no,
    identity_subscriber_no: subscriber_no,
    occurred_at: NOW + HOUR,
    revenue_minor: 1_000,
    ...given,
  });
};

test('arms are compared by whom identity names, from the assignment to the end of the window', async () => {
  const lakeDir = folder();
  await writeRecipients(lakeDir, [...inArm('treatment', 1, 40), ...inArm('holdout', 101, 140)]);
  await writeSends(
    lakeDir,
    Array.from({ length: 40 }, (_, at) => sendOf({ subscriber_no: at + 1, ts: NOW + 1, price_micros: 10_000 })),
  );
  const first = order(1);
  await writeReceived(lakeDir, 'conversions', [
    first,
    {
      ...first,
      entry_id: `${first.conversion_id}-2`,
      entry: 'refund',
      revenue_minor: -400,
      occurred_at: NOW + 20 * DAY,
      received_at: NOW + 20 * DAY,
    },
    order(1),
    order(2, { match: 'click_id' }),
    order(3, { occurred_at: NOW + 7 * DAY }),
    order(4, { occurred_at: NOW + 7 * DAY + 1 }),
    order(5, { occurred_at: NOW - 1 }),
    order(6, { match: 'click_id', identity_subscriber_no: null }),
    order(7, { match: 'promo_code', identity_subscriber_no: null, source_id: 'till' }),
    order(8, { status: 'rejected' }),
    order(9, { event: 'lead' }),
    order(101),
    order(999),
  ]);
  const [holdout, treatment] = await report(lakeDir);
  expect(treatment).toMatchObject({
    experiment: 'e1',
    arm: 'treatment',
    control: 'holdout',
    assigned: 40,
    converters: 3,
    conversions: 4,
    rate: 0.075,
    // 600 + 1,000 of the first, 1,000 of two others and of a lead, over forty.
    revenue_per_subscriber: '1.15',
    currency: 'USD',
    diff: expect.closeTo(0.05, 9),
    relative_lift: expect.closeTo(2, 9),
    incremental_conversions: expect.closeTo(2, 9),
    incremental_revenue: '36.00',
    cost: '0.40',
    cost_per_incremental: null,
    srm_p: 1,
    interim: false,
    conversions_one_arm: 2,
    sources_left_out: ['till'],
    reason: 'outcome_unobservable_in_control',
  });
  expect(holdout).toMatchObject({
    arm: 'holdout',
    assigned: 40,
    converters: 1,
    rate: 0.025,
    diff: null,
    p_value: null,
  });
  expect(treatment?.low).toBeLessThan(0);
  expect(treatment?.p_value).toBeGreaterThan(0.05);
});

/** Forty messaged, of whom thirty buy, against forty who are not; with what is told of the messages. */
async function bought(sends: readonly Partial<SendRow>[], totals: readonly Partial<TotalRow>[] = []) {
  const lakeDir = folder();
  await writeRecipients(lakeDir, [...inArm('treatment', 1, 40), ...inArm('holdout', 101, 140)]);
  await writeReceived(
    lakeDir,
    'conversions',
    Array.from({ length: 30 }, (_, at) => order(at + 1)),
  );
  await writeSends(
    lakeDir,
    sends.map((one, at) => sendOf({ subscriber_no: at + 1, ts: NOW + 1, ...one })),
  );
  await writeTotals(
    lakeDir,
    totals.map((one) => totalsOf({ campaign_id: 'welcome', ts: NOW, ...one })),
  );
  return lakeDir;
}

const forty = (given: Partial<SendRow>) => Array.from({ length: 40 }, () => given);
const unpriced = { price_micros: null, currency: null, price_kind: null };

test('arms are picked after they are compared: the control that a filter leaves out is compared with', async () => {
  const lakeDir = await bought(forty({}));
  const [holdout, treatment] = await report(lakeDir);
  expect(treatment).toMatchObject({ diff: 0.75, reason: null, cost: '0.40', srm_p: 1 });
  expect(await report(lakeDir, { filters: { arm: ['treatment'] } })).toEqual([treatment]);
  expect(await report(lakeDir, { filters: { arm: ['holdout'] } })).toEqual([holdout]);
  expect(await report(lakeDir, { filters: { arm: ['treatment'] }, limit: 1, offset: 1 })).toEqual([]);
  expect(await report(lakeDir, { filters: { arm: ['elsewhere'] } })).toEqual([]);
});

test('what no price is known of costs nothing known, not nothing', async () => {
  const none = await told(await bought(forty(unpriced)));
  expect(none.rows[1]).toMatchObject({ incremental_conversions: 30, cost: null, cost_per_incremental: null });
  expect(none.warnings).toEqual([
    ['cost_unknown', expect.stringMatching(/^experiment e1: some of its messages have no known price/)],
  ]);
  const some = await told(await bought([...forty({}).slice(1), unpriced]));
  expect(some.rows[1]).toMatchObject({ cost: '0.39', cost_per_incremental: '0.013' });
  expect(some.warnings).toMatchObject([['cost_unknown', expect.anything()]]);
  // What failed is not expected to have a price; a price of nothing is one; no message is no cost known.
  const failed = await told(await bought([...forty({}).slice(1), { ...unpriced, type: 'failed' }]));
  expect([failed.rows[1]?.cost, failed.warnings]).toEqual(['0.39', []]);
  const free = await told(await bought(forty({ price_micros: 0 })));
  expect([free.rows[1]?.cost, free.rows[1]?.cost_per_incremental, free.warnings]).toEqual(['0.00', '0.00', []]);
  const silent = await told(await bought([]));
  expect([...silent.rows.map(({ cost }) => cost), silent.warnings]).toEqual([null, null, []]);
});

test('totals of days name nobody: their costs are of no arm, and that is said', async () => {
  const priced = { cost_micros: 5_000_000, currency: 'USD', price_kind: 'told' };
  for (const sends of [[], forty({ message_id: 'other' })]) {
    const { rows, warnings } = await told(await bought(sends, [priced]), { filters: { arm: ['treatment'] } });
    expect(rows).toMatchObject([
      { arm: 'treatment', assigned: 40, diff: 0.75, currency: 'USD', cost: null, cost_per_incremental: null, srm_p: 1 },
    ]);
    expect(warnings).toEqual([['cost_by_day', expect.stringMatching(/^experiment e1: .* cannot be put to arms/)]]);
  }
  // Of another campaign, of a day before anybody was drawn or after all windows, or of messages told one by one.
  for (const elsewhere of [
    { ...priced, campaign_id: 'newsletter' },
    { ...priced, ts: NOW - DAY },
    { ...priced, ts: NOW + 8 * DAY },
    { ...priced, message_id: 'welcome-1' },
  ]) {
    const { rows, warnings } = await told(await bought(forty({}), [elsewhere]));
    expect([rows[1]?.cost, warnings]).toEqual(['0.40', []]);
  }
  const day = await told(await bought(forty({}), [{ ...priced, ts: NOW + 7 * DAY }]));
  expect(day.warnings).toHaveLength(1);
});

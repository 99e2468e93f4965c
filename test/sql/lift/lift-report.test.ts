import { rmSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { finishReport, type ReportRequest, renderReport } from '../../../sql/catalog.ts';
import { openLake } from '../../../sql/duckdb.ts';
import type { LiftTerms } from '../../../sql/lift-terms.ts';
import { CHOICE, DAY, type Entry, entryOf, HOUR, NOW, RULES, writeReceived } from '../attribution/sample.ts';
import { temporaryFolder } from '../lake-writer.ts';
import { sendOf } from '../performance/sends-sample.ts';
import { type Recipient, recipientOf, writeRecipients } from '../recipients-sample.ts';
import { writeSends } from '../sends-sample.ts';

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

async function report(lakeDir: string, asked: Partial<ReportRequest> = {}): Promise<Row[]> {
  const lake = await openLake({ lakeDir });
  try {
    const request = requestOf(asked);
    return [...(await finishReport('lift', request, await lake.run(renderReport('lift', request)), context))];
  } finally {
    lake.close();
  }
}

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

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finishReport, type ReportRequest, ReportRequestError, renderReport, reports } from '../../sql/catalog.ts';
import { openLake } from '../../sql/duckdb.ts';
import { ASKED, DAY, HOUR, NOON, type Row, testFolders } from './asked.ts';
import { recountSends } from './sends-recount.ts';
import {
  anySends,
  anyTotals,
  type SendRow,
  sendOf,
  type TotalRow,
  totalOf,
  writeSends,
  writeTotals,
} from './sends-sample.ts';

const folder = testFolders();

async function report(
  { sends = [], totals = [] }: { sends?: readonly SendRow[]; totals?: readonly TotalRow[] },
  ...asked: Partial<ReportRequest>[]
): Promise<Row[][]> {
  const lakeDir = folder();
  await writeSends(lakeDir, sends);
  await writeTotals(lakeDir, totals);
  const lake = await openLake({ lakeDir });
  try {
    const rows: Row[][] = [];
    for (const each of asked) rows.push(await lake.run(renderReport('sends', { ...ASKED, ...each })));
    return rows;
  } finally {
    lake.close();
  }
}

async function total(
  given: Parameters<typeof report>[0],
  asked: Partial<ReportRequest> = {},
): Promise<Row | undefined> {
  return (await report(given, asked))[0]?.[0];
}

test('an empty lake has a total of nothing, and nothing is said of deliveries', async () => {
  const [[row, ...others] = []] = await report({}, { by: ['campaign'] });
  expect(others).toEqual([]);
  expect(row).toMatchObject({ is_total: true, campaign_id: null, sent: 0, delivered: null, parts: null, money: null });
});

test('a message counts once by its final state, whatever came first and however late', async () => {
  const sends = [
    sendOf({ id: '1', type: 'failed', received_at: NOON }),
    sendOf({ id: '1', type: 'delivered', received_at: NOON + 71 * HOUR }),
    sendOf({ id: '1', type: 'delivered', received_at: NOON + 71 * HOUR + 1 }),
    sendOf({ id: '1', type: 'sent', received_at: NOON + 2 }),
    sendOf({ id: '2', type: 'failed' }),
    sendOf({ id: '2', type: 'opt_out' }),
    sendOf({ id: '3', type: 'sent', parts: 3 }),
    sendOf({ id: '4', type: 'queued' }),
    sendOf({ id: '5', type: 'opt_in' }),
  ];
  expect(await total({ sends })).toMatchObject({
    sent: 3,
    sent_tracked: 3,
    delivered: 1,
    failed: 1,
    opt_outs: 1,
    opt_ins: 1,
    parts: 3,
    delivery_rate: 1 / 3,
    opt_out_rate: 1,
  });
});

test('messages of which nobody gives receipts are no denominator', async () => {
  const sends = [
    sendOf({ campaign_id: 'a', type: 'delivered' }),
    sendOf({ campaign_id: 'a', type: 'sent' }),
    sendOf({ campaign_id: 'b', type: 'sent' }),
  ];
  const [[all, a, b] = []] = await report({ sends }, { by: ['campaign'] });
  expect(b).toMatchObject({
    campaign: 'b',
    sent: 1,
    sent_tracked: 0,
    delivered: null,
    failed: null,
    delivery_rate: null,
  });
  expect(a).toMatchObject({ campaign: 'a', delivered: 1, delivery_rate: 0.5 });
  expect(all).toMatchObject({ sent: 3, sent_tracked: 2, delivered: 1, delivery_rate: 0.5 });
});

test('a carrier that says no more delivers, unless its country is seen to give receipts', async () => {
  const taken = { type: 'sent', is_final: true, detail: 'SUCCESSFUL', provider: 'aws-sms' };
  const us = [sendOf({ ...taken, country: 'US' }), sendOf({ ...taken, country: 'US' })];
  expect(await total({ sends: us })).toMatchObject({ delivered: 2, immature: false });
  // The receipt of another day is evidence too.
  const receipt = sendOf({ type: 'delivered', provider: 'aws-sms', country: 'US', ts: NOON + 3 * DAY });
  expect(await total({ sends: [...us, receipt] })).toMatchObject({ sent: 2, delivered: 0 });
});

test('receipts are waited for 72 hours', async () => {
  const sends = [sendOf({ type: 'sent' })];
  const asked = { to: NOON + HOUR };
  expect((await total({ sends }, { ...asked, asOf: NOON + 72 * HOUR - 1 }))?.immature).toBe(true);
  expect((await total({ sends }, { ...asked, asOf: NOON + 72 * HOUR }))?.immature).toBe(false);
  const settled = [...sends, sendOf({ id: 'x', type: 'delivered' })];
  expect((await total({ sends: settled.slice(1) }, asked))?.immature).toBe(false);
});

describe('money', () => {
  const sends = [
    sendOf({ campaign_id: 'a', price_micros: 7_900, currency: 'USD', price_kind: 'told' }),
    sendOf({ campaign_id: 'a', price_micros: 8_000, currency: 'USD', price_kind: 'list' }),
    sendOf({ campaign_id: 'b', price_micros: 5, currency: 'JPY', price_kind: 'told' }),
    sendOf({ campaign_id: 'c' }),
  ];

  test('is never added across currencies', async () => {
    const [rows = []] = await report({ sends }, { by: ['campaign'] });
    const shown = await finishReport('sends', { ...ASKED, by: ['campaign'] }, rows, {
      plannedArms: async () => new Map(),
    });
    const usd = { currency: 'USD', cost: '0.0159', cost_estimated: '0.008' };
    const jpy = { currency: 'JPY', cost: '0.000005', cost_estimated: '0' };
    expect(
      shown.map(({ campaign, cost, currency, cost_estimated, money }) => [
        campaign,
        cost,
        currency,
        cost_estimated,
        money,
      ]),
    ).toEqual([
      [null, null, null, null, [jpy, usd]],
      ['a', '0.0159', 'USD', '0.008', [usd]],
      ['b', '0.000005', 'JPY', '0', [jpy]],
      ['c', null, null, null, []],
    ]);
    expect(reports.sends?.warn?.(rows, ASKED)).toMatchObject([
      { code: 'several_currencies', message: expect.stringContaining('(JPY, USD)') },
    ]);
    expect(reports.sends?.warn?.(rows.slice(1, 2), ASKED)).toEqual([]);
    const [first] = shown;
    const dimensions = ['campaign_id', 'campaign'];
    expect(Object.keys(first ?? {})).toEqual([
      ...dimensions,
      ...(reports.sends?.columns.map(({ name }) => name) ?? []),
    ]);
  });
});

describe('totals', () => {
  test('count by the newest put of a message, day, creative and segment', async () => {
    const totals = [
      totalOf({ date: '2026-06-15', sent: 100, delivered: 90, failed: 5, opt_outs: 2 }),
      totalOf({ date: '2026-06-15', sent: 110, delivered: 99, recorded_at: NOON + 40 * DAY }),
      totalOf({ date: '2026-06-15', creative: 'x', sent: 10, cost_micros: 1_000_000, currency: 'USD' }),
      totalOf({ date: '2026-06-16', sent: 1_000 }),
    ];
    expect(await total({ totals })).toMatchObject({
      sent: 120,
      sent_tracked: 110,
      delivered: 99,
      failed: null,
      opt_outs: 0,
    });
  });

  test('give way to messages of the same campaign, message and day, and to no others', async () => {
    const totals = [totalOf({ date: '2026-06-15', sent: 100 })];
    const of = (given: Partial<SendRow>) => sendOf({ campaign_id: 'a', message_id: 'm1', ...given });
    const sentWith = async (given: Partial<SendRow>) => (await total({ totals, sends: [of(given)] }))?.sent;
    expect(await sentWith({ ts: NOON - 12 * HOUR })).toBe(1);
    expect(await sentWith({ ts: NOON + 12 * HOUR - 1 })).toBe(1);
    expect(await sentWith({ ts: NOON - 12 * HOUR - 1 })).toBe(100);
    expect(await sentWith({ type: 'queued' })).toBe(100);
    expect(await sentWith({ message_id: 'm2' })).toBe(101);
  });
});

test('lists imported long afterwards are found', async () => {
  expect(await total({ sends: [sendOf({ received_at: NOON + 200 * DAY })] })).toMatchObject({ sent: 1 });
});

test('a dimension that it does not have is refused', () => {
  expect(() => renderReport('sends', { ...ASKED, by: ['device'] })).toThrow(ReportRequestError);
});

const REQUESTS: Partial<ReportRequest>[] = [
  {},
  ...(reports.sends?.dimensions ?? []).map(({ name }) => ({ by: [name] })),
  { by: ['day', 'campaign', 'provider'], tz: 'America/Los_Angeles' },
  { by: ['weekday', 'hour_of_day'], tz: 'Asia/Kathmandu', asOf: NOON - 30 * HOUR },
  { by: ['message', 'creative'], filters: { campaign: ['a', ''], country: ['US', ''] } },
];

test('agrees with a recount by hand', async () => {
  const sample = fc.sample(fc.tuple(anySends(NOON, 90), anyTotals(NOON, 8)), { numRuns: 4, seed: 20_260_615 });
  const range = { from: NOON - 3 * DAY - HOUR, to: NOON - 5 * HOUR };
  for (const [sends, totals] of sample) {
    const asked = REQUESTS.map((each) => ({ ...ASKED, ...range, ...each }));
    const found = await report({ sends, totals }, ...asked);
    for (const [at, request] of asked.entries())
      expect(rounded(found[at] ?? [])).toEqual(rounded(recountSends(sends, totals, request)));
  }
});

/** In an order of their own, ratios to twelve digits. */
function rounded(rows: readonly Row[]): Row[] {
  const tidy = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row)
        .map(([name, value]) => [name, typeof value === 'number' ? Number(value.toPrecision(12)) : value] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  );
  return tidy.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

test('pages through its groups with the total in addition', async () => {
  const sends = ['a', 'b', 'b', 'c', 'c', 'c'].map((campaign_id) => sendOf({ campaign_id }));
  const [first, second] = await report(
    { sends },
    { by: ['campaign'], limit: 2 },
    { by: ['campaign'], limit: 2, offset: 2 },
  );
  expect(first?.map(({ campaign, sent }) => [campaign, sent])).toEqual([
    [null, 6],
    ['c', 3],
    ['b', 2],
  ]);
  expect(second?.map(({ campaign }) => campaign)).toEqual([null, 'a']);
});

import { deepStrictEqual } from 'node:assert/strict';
import { LATE_CLICK_DAYS, RETURN_DAYS } from '../../sql/attribution-values.ts';
import { type ReportRequest, renderReport, reports } from '../../sql/catalog.ts';
import { LATE_ARRIVAL_DAYS } from '../../sql/definitions.ts';
import { type Asked, requestOf } from '../sql/attribution/asked.ts';
import { utcDay } from '../sql/clicks-sample.ts';
import { inlined } from './client.ts';
import { bothRows, type Check } from './engines.ts';
import { daysRead } from './pruning.ts';

const DAY_MS = 86_400_000;

const experiments = { e1: { window: '7d', events: ['sale'], control: 'holdout', ends_at: null } };
const rules = { campaign_windows: { a: '24h' }, offer_windows: { o1: '2h' }, campaign_events: { b: ['rebill'] } };

const performance: readonly Asked[] = [
  {},
  ...(reports.performance?.dimensions ?? []).map(({ name }) => ({ by: [name] })),
  ...(reports.performance?.bases ?? []).map((basis) => ({ by: ['day', 'campaign'], basis, tz: 'Asia/Kathmandu' })),
  { by: ['campaign'], basis: 'send', currency: 'EUR' },
  { by: ['product', 'message'], choice: { model: 'linear' }, currency: 'JPY' },
  { by: ['attr.plan', 'arm'], filters: { 'attr.plan': ['gold', ''], campaign: ['a', '(unattributed)'] } },
  { by: ['link', 'creative'], limit: 3, offset: 2 },
];

const lift: readonly Asked[] = [
  {},
  ...(reports.lift?.dimensions ?? []).map(({ name }) => ({ by: [name] })),
  { by: ['attr.plan'], filters: { experiment: ['e1'] }, currency: 'EUR' },
];

/** Five days whose newest is ten days ago: the sample's conversions, clicks and sends lie there. */
const rangeOf = (now: number): Pick<ReportRequest, 'from' | 'to' | 'asOf'> => ({
  from: now - 14 * DAY_MS,
  to: now - 8 * DAY_MS,
  asOf: now,
});

const rowCheck = (name: string, asked: Asked): Check => ({
  name: `report ${name} ${JSON.stringify(asked)}: rows equal DuckDB's`,
  run: async (engines) => {
    const { alwaysBy = [], bases = ['click'] } = reports[name] ?? {};
    const given = { rules, experiments, basis: bases[0], ...asked, ...rangeOf(engines.now) };
    const [trino, duckdb] = await bothRows(
      engines,
      renderReport(name, requestOf({ ...given, by: (asked.by ?? []).filter((one) => !alwaysBy.includes(one)) })),
    );
    deepStrictEqual(trino.map(rounded), duckdb.map(rounded));
  },
});

/** Sums of products are added up in another order by each engine. */
const rounded = (row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' && !Number.isSafeInteger(value) ? Number(value.toPrecision(9)) : value,
    ]),
  );

/** First and last of the days read: of many the plan tells no others. */
const ends = (days: readonly string[]) => [days[0], days.at(-1)];

const daysCheck = (basis: string): Check => ({
  name: `report performance by ${basis} reads messages, rates and the ledger of the days that can matter`,
  run: async ({ trino, now }) => {
    const { from, to } = rangeOf(now);
    const sql = inlined(renderReport('performance', requestOf({ rules, basis, from, to, asOf: now })));
    const tomorrow = utcDay(now, 1);
    const late = basis === 'send' ? LATE_CLICK_DAYS : 0;
    // Single messages are read further back, for the codes they carried.
    deepStrictEqual(ends(await daysRead(trino, sql, 'send_totals_raw')), [utcDay(from, -late - 1), tomorrow]);
    deepStrictEqual(ends(await daysRead(trino, sql, 'rates_raw')), [utcDay(from, -7), tomorrow]);
    const returns = basis === 'conversion' ? RETURN_DAYS : 0;
    deepStrictEqual(ends(await daysRead(trino, sql, 'conversions_raw')), [utcDay(from, -returns - 1), tomorrow]);
    // Clicks: of touches as far back as the window of a week, and after the range as long as they count and come late.
    const after = { conversion: 0, click: 7, send: 7 + LATE_CLICK_DAYS }[basis] ?? 0;
    const last = utcDay(Math.min(now + DAY_MS, to - 1 + (after + LATE_ARRIVAL_DAYS) * DAY_MS));
    deepStrictEqual(ends(await daysRead(trino, sql, 'clicks_raw')), [utcDay(from, -returns - 8), last]);
  },
});

export const performanceChecks: readonly Check[] = [
  ...performance.map((asked) => rowCheck('performance', asked)),
  ...lift.map((asked) => rowCheck('lift', asked)),
  ...(reports.performance?.bases ?? []).map(daysCheck),
];

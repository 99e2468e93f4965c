import { deepStrictEqual } from 'node:assert/strict';
import { LATE_CLICK_DAYS } from '../../sql/attribution-values.ts';
import { type ReportRequest, renderReport, reports } from '../../sql/catalog.ts';
import { LATE_ARRIVAL_DAYS } from '../../sql/definitions.ts';
import { type Asked, requestOf } from '../sql/attribution/asked.ts';
import { inlined } from './client.ts';
import { bothRows, type Check, daysBetween } from './engines.ts';
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

const daysCheck = (basis: string): Check => ({
  name: `report performance by ${basis} reads clicks and messages of the days that can matter`,
  run: async ({ trino, now }) => {
    const { from, to } = rangeOf(now);
    const request = requestOf({ rules, basis, from, to, asOf: now });
    const sql = inlined(renderReport('performance', request));
    const tomorrow = now + DAY_MS;
    const late = basis === 'send' ? LATE_CLICK_DAYS : 0;
    const sends = daysBetween(from - (late + 1) * DAY_MS, tomorrow);
    for (const table of ['sends_raw', 'send_totals_raw']) deepStrictEqual(await daysRead(trino, sql, table), sends);
    deepStrictEqual(await daysRead(trino, sql, 'rates_raw'), daysBetween(from - 7 * DAY_MS, tomorrow));
    const last = Math.min(tomorrow, to - 1 + (late + LATE_ARRIVAL_DAYS) * DAY_MS);
    const clicks = await daysRead(trino, sql, 'clicks_raw');
    deepStrictEqual(clicks.at(-1), daysBetween(last, last)[0]);
  },
});

export const performanceChecks: readonly Check[] = [
  ...performance.map((asked) => rowCheck('performance', asked)),
  ...lift.map((asked) => rowCheck('lift', asked)),
  ...(reports.performance?.bases ?? []).map(daysCheck),
];

import { deepStrictEqual } from 'node:assert/strict';
import { DATA_MODELS, RULE_MODELS } from '../../sql/attribution-terms.ts';
import { CODE_DAYS, LATE_CLICK_DAYS, RETURN_DAYS } from '../../sql/attribution-values.ts';
import { type ReportRequest, renderReport, reports } from '../../sql/catalog.ts';
import { LATE_ARRIVAL_DAYS } from '../../sql/definitions.ts';
import { type Asked, requestOf } from '../sql/attribution/asked.ts';
import { inlined } from './client.ts';
import { bothRows, type Check, daysBetween, PROJECTED_DAYS } from './engines.ts';
import { daysRead } from './pruning.ts';

const DAY_MS = 86_400_000;
const WINDOW_DAYS = 30;

const rules = {
  campaign_windows: { a: '24h', mail: `${WINDOW_DAYS}d` },
  offer_windows: { o1: '2h' },
  campaign_events: { b: ['rebill'] },
};

/** Every dimension alone, every model, each basis, windows, filters, zones, pages and the total alone. */
const requests: readonly Asked[] = [
  {},
  ...(reports.attribution?.dimensions ?? []).map(({ name }) => ({ by: [name] })),
  ...DATA_MODELS.map((model) => ({ by: ['campaign', 'link'], choice: { model } })),
  ...RULE_MODELS.map((model) => ({ by: ['product', 'message'], choice: { model } })),
  ...(reports.attribution?.bases ?? []).map((basis) => ({ by: ['day', 'campaign'], basis, tz: 'Asia/Kathmandu' })),
  { by: ['campaign'], choice: { window: `${WINDOW_DAYS}d`, half_life: '12h', model: 'time_decay' } },
  { by: ['attr.plan', 'arm'], filters: { 'attr.plan': ['gold', ''], campaign: ['a', '(unattributed)'] } },
  { by: ['message'], limit: 3, offset: 2, choice: { actors: ['human', 'suspect'] } },
];

const pathRequests: readonly Asked[] = [
  {},
  { by: ['campaign', 'message'] },
  { by: ['link'], choice: { window: '7d', mature: true } },
];

/** Of conversions four days long, the newest of them ten days ago. */
const rangeOf = (now: number): Pick<ReportRequest, 'from' | 'to'> => ({
  from: now - 14 * DAY_MS,
  to: now - 10 * DAY_MS,
});

const rowCheck = (asked: Asked, report = 'attribution'): Check => ({
  name: `report ${report} ${JSON.stringify(asked)}: rows equal DuckDB's`,
  run: async (engines) => {
    const [trino, duckdb] = await bothRows(
      engines,
      renderReport(report, requestOf({ rules, ...asked, ...rangeOf(engines.now) })),
    );
    deepStrictEqual(trino, duckdb);
  },
});

/** Days before the range that touches and entries are read of, by basis; touches lie a window before. */
const before: Readonly<Record<string, number>> = { conversion: RETURN_DAYS, click: 0, send: 0 };

const daysCheck = (basis: string): Check => ({
  name: `report attribution by ${basis} reads touches as far back as windows reach, and the ledger to its newest day`,
  run: async ({ trino, now }) => {
    const { from, to } = rangeOf(now);
    const sql = inlined(renderReport('attribution', requestOf({ rules, basis, from, to })));
    const first = from - ((before[basis] ?? 0) + 1) * DAY_MS;
    const tomorrow = now + DAY_MS;
    const after = { conversion: 0, click: WINDOW_DAYS, send: WINDOW_DAYS + LATE_CLICK_DAYS }[basis] ?? 0;
    const last = Math.min(tomorrow, to - 1 + (after + LATE_ARRIVAL_DAYS) * DAY_MS);
    deepStrictEqual(await daysRead(trino, sql, 'conversions_raw'), daysBetween(first, tomorrow));
    const codes = Math.max(now - PROJECTED_DAYS * DAY_MS, first - (WINDOW_DAYS + CODE_DAYS - 1) * DAY_MS);
    deepStrictEqual(await daysRead(trino, sql, 'recipients_raw'), daysBetween(codes, last));
    for (const table of ['clicks_raw', 'touches_raw'])
      deepStrictEqual(await daysRead(trino, sql, table), daysBetween(first - WINDOW_DAYS * DAY_MS, last));
  },
});

const roamingCheck: Check = {
  name: 'report models reads the touches of everybody as far back as windows reach',
  run: async ({ trino, now }) => {
    const { from, to } = rangeOf(now);
    const sql = inlined(renderReport('models', requestOf({ rules, by: ['message'], from, to })));
    const first = from - (RETURN_DAYS + 1 + WINDOW_DAYS) * DAY_MS;
    const last = Math.min(now + DAY_MS, to - 1 + LATE_ARRIVAL_DAYS * DAY_MS);
    deepStrictEqual(await daysRead(trino, sql, 'clicks_raw'), daysBetween(first, last));
  },
};

export const attributionChecks: readonly Check[] = [
  ...requests.map((asked) => rowCheck(asked)),
  ...pathRequests.flatMap((asked) => ['models', 'paths'].map((report) => rowCheck(asked, report))),
  ...Object.keys(before).map(daysCheck),
  roamingCheck,
];

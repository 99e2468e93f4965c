import { deepStrictEqual, notDeepStrictEqual, ok } from 'node:assert/strict';
import {
  campaignRecipientsStatement,
  promoCodesStatement,
  type ReportDefinition,
  type ReportRequest,
  renderReport,
  reports,
  type SavedQuery,
  savedQueries,
  timelineStatement,
  type View,
  views,
} from '../../sql/catalog.ts';
import { LATE_ARRIVAL_DAYS } from '../../sql/definitions.ts';
import { utcDay } from '../sql/clicks-sample.ts';
import { attributionChecks } from './attribution-checks.ts';
import { inlined, type Row } from './client.ts';
import { bothRows, type Check, daysBetween, PROJECTED_DAYS, plain } from './engines.ts';
import { performanceChecks } from './performance-checks.ts';
import { daysRead } from './pruning.ts';

const DAY_MS = 86_400_000;

const viewChecks = ({ name, columns, sql }: View): Check[] => [
  {
    name: `view ${name}: Trino's columns and types are the catalogue's`,
    run: async ({ trino }) => {
      const described = await trino.query(`DESCRIBE ${name}`);
      const declared = columns.map((column) => [column.name, column.type]);
      deepStrictEqual(
        described.map(({ Column, Type }) => [Column, Type]),
        declared,
      );
    },
  },
  {
    name: `view ${name}: rows equal DuckDB's`,
    run: async (engines) => {
      const [trino, duckdb] = await bothRows(engines, plain(`SELECT * FROM ${name}`));
      deepStrictEqual(sorted(trino), sorted(duckdb));
    },
  },
  {
    name: `view ${name}: a day asked for is the only one read`,
    run: async ({ trino, now }) => {
      const day = utcDay(now, -1);
      deepStrictEqual(await daysRead(trino, `SELECT * FROM ${name} WHERE dt = '${day}'`), [day]);
      deepStrictEqual(await daysRead(trino, `SELECT * FROM (${sql}) WHERE dt = '${day}'`), [day]);
    },
  },
];

function sorted(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** The check of pruning must be able to fail: the same view with `dt` taken out of its window reads everything. */
const counterCheck: Check = {
  name: 'without dt among its partition keys the window of view clicks reads other days too',
  run: async ({ trino, now }) => {
    const day = utcDay(now, -1);
    const sql = views.find(({ name }) => name === 'clicks')?.sql ?? '';
    const broken = sql.replace('partition by dt, click_id', 'partition by click_id');
    ok(broken !== sql, 'the window of view clicks was not found');
    notDeepStrictEqual(await daysRead(trino, `SELECT * FROM (${broken}) WHERE dt = '${day}'`), [day]);
  },
};

type Asked = Partial<ReportRequest>;

/** Every dimension alone, several together, filters, zones, pages and the total alone. */
function requestsOf({ name, dimensions }: ReportDefinition): Asked[] {
  const common = [{}, ...dimensions.map((dimension) => ({ by: [dimension.name] }))];
  if (name === 'sends') return [...common, ...sendRequests];
  if (name === 'sources') return [...common, ...sourceRequests];
  return [
    ...common,
    { by: ['attr.plan', 'attr.home.state-2'], tz: 'Asia/Kathmandu' },
    { by: ['day', 'campaign', 'attr.0'], filters: { 'attr.plan': ['gold', ''], arm: ['holdout', 'treatment'] } },
    { by: ['link', 'creative'], filters: { campaign: ['a', 'Größe-ß', ''] }, limit: 3, offset: 2 },
    ...(name === 'clicks' ? clickRequests : []),
  ];
}

const sendRequests: readonly Asked[] = [
  { by: ['day', 'campaign', 'provider'], tz: 'America/Los_Angeles' },
  { by: ['weekday', 'hour_of_day'], tz: 'Asia/Kathmandu' },
  { by: ['message', 'creative'], filters: { campaign: ['a', ''], country: ['US', ''] }, limit: 2, offset: 1 },
];

const sourceRequests: readonly Asked[] = [
  { by: ['source', 'day'], tz: 'America/Los_Angeles', filters: { match: ['none', 'click_id'] } },
  { by: ['event', 'status'], limit: 2, offset: 1 },
];

const clickRequests: readonly Asked[] = [
  { by: ['day', 'campaign', 'actor'], tz: 'America/Los_Angeles' },
  { by: ['weekday', 'hour_of_day'], tz: 'Asia/Kathmandu' },
  { by: ['day', 'hour_of_day'], tz: 'Europe/Berlin', filters: { hour_of_day: ['0', '23'] } },
  { by: ['link', 'creative'], filters: { campaign: ['a', 'Größe-ß', ''], os: ['ios', 'android'] } },
  { by: ['outcome', 'reason'], filters: { reason: ['ua_known_bot'] } },
  { by: ['creative', 'day'], limit: 3, offset: 2 },
  { by: ['creative'], filters: { creative: [`it’s "x" / y`, "' OR true --"] } },
  { by: ['arm', 'subscriber'], filters: { 'attr.plan': [`it’s "x" / y`] } },
];

const reportChecks = (report: ReportDefinition): Check[] =>
  requestsOf(report).map((asked) => ({
    name: `report ${report.name} ${JSON.stringify(asked)}`,
    run: async (engines) => {
      const from = engines.now - 14 * DAY_MS;
      const to = engines.now - 10 * DAY_MS;
      const request = { from, to, tz: 'UTC', by: [], filters: {}, limit: 500, offset: 0, ...asked };
      const statement = renderReport(report.name, request);
      const [trino, duckdb] = await bothRows(engines, statement);
      deepStrictEqual(trino, duckdb);
      const days = await daysRead(engines.trino, inlined(statement));
      // The projection ends tomorrow: later days are asked for and do not exist. Recipients are read from its beginning.
      const late = report.readsOn ? Number.POSITIVE_INFINITY : LATE_ARRIVAL_DAYS * DAY_MS;
      const last = Math.min(engines.now + DAY_MS, to - 1 + late);
      const first = statement.sql.includes('recipients_raw') ? engines.now - PROJECTED_DAYS * DAY_MS : from - DAY_MS;
      deepStrictEqual(days, daysBetween(first, last));
    },
  }));

const savedCheck = ({ name, sql, days: read }: SavedQuery): Check => ({
  name: `saved query "${name}": rows equal DuckDB's, and the last days alone are read`,
  run: async (engines) => {
    const [trino, duckdb] = await bothRows(engines, plain(sql));
    deepStrictEqual(sorted(trino.map(exact)), sorted(duckdb.map(exact)));
    const days = await daysRead(engines.trino, sql);
    ok(
      days.every((day) => day >= utcDay(engines.now, -read - 1)),
      `it reads ${days[0]} and later`,
    );
  },
});

const promoCodesCheck: Check = {
  name: "promo codes of a campaign: rows equal DuckDB's page by page, and days before the campaign are not read",
  run: async (engines) => {
    const request = { campaignId: 'a', from: engines.now - DAY_MS, to: engines.now, limit: 5 };
    for (const after of [null, { subscriberNo: 7, promoCode: 'A-7' }]) {
      const statement = promoCodesStatement({ ...request, after });
      const [trino, duckdb] = await bothRows(engines, statement);
      deepStrictEqual(trino, duckdb);
      const days = await daysRead(engines.trino, inlined(statement));
      deepStrictEqual(days, daysBetween(engines.now - 2 * DAY_MS, engines.now + DAY_MS));
    }
  },
};

/** Percentiles are estimates, each engine has its own. */
function exact(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !/_p\d+$/.test(name)));
}

const DAYS_SHOWN = 12;

const whomCheck: Check = {
  name: "people of a campaign: rows equal DuckDB's, whatever is asked for, and days after the moment asked of are not read",
  run: async (engines) => {
    const asOf = engines.now - DAYS_SHOWN * DAY_MS;
    const common = { campaignId: 'a', events: ['sale', 'lead'], allArms: true };
    for (const asked of [
      {},
      { clicked: true },
      { clicked: false, converted: false, arm: 'holdout', segment: 'vip', messageId: 'm1', linkNo: 1 },
      { converted: true, allArms: false },
    ]) {
      const statement = campaignRecipientsStatement({ ...common, asOf: engines.now, ...asked });
      const [trino, duckdb] = await Promise.all([engines.trino.run(statement), engines.lake.run(statement)]);
      deepStrictEqual(trino, duckdb);
      const earlier = inlined(campaignRecipientsStatement({ ...common, asOf, ...asked }));
      const days = await daysRead(engines.trino, earlier);
      deepStrictEqual(days, daysBetween(engines.now - PROJECTED_DAYS * DAY_MS, asOf + DAY_MS));
    }
  },
};

const timelineCheck: Check = {
  name: "timeline of a subscriber: rows equal DuckDB's, and only days around the range are read",
  run: async (engines) => {
    const [from, to] = [engines.now - 20 * DAY_MS, engines.now - 9 * DAY_MS];
    const statement = timelineStatement({ subscriberId: 's-1', subscriberNo: 1, from, to });
    const [trino, duckdb] = await bothRows(engines, statement);
    deepStrictEqual(trino, duckdb);
    const days = await daysRead(engines.trino, inlined(statement));
    deepStrictEqual(days, daysBetween(from - DAY_MS, to - 1 + LATE_ARRIVAL_DAYS * DAY_MS));
  },
};

/** All that this run shows. */
export const checks: readonly Check[] = [
  ...views.flatMap(viewChecks),
  counterCheck,
  ...Object.values(reports)
    .filter(({ attributed }) => !attributed)
    .flatMap(reportChecks),
  ...attributionChecks,
  ...performanceChecks,
  ...savedQueries.map(savedCheck),
  promoCodesCheck,
  whomCheck,
  timelineCheck,
];

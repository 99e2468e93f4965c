import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { wilson } from '../lambdas/core/statistics/proportions.ts';
import type { ReportDefinition, ReportRequest } from './definitions.ts';
import { arrivalDay, planOf, touches } from './report-plan.ts';
import { filled, filterPart, groupParts } from './report-text.ts';
import { NOT_OF_MESSAGES, sourceDimensions, sourceFigures } from './sources-columns.ts';
import { bound, marked } from './statement.ts';

type Row = Readonly<Record<string, unknown>>;

/** Later than anything. */
const FOREVER = 253_402_300_799_999;

/** What sources send, what of it counts, how much of that is matched, and how late it comes. */
export const sourcesReport: ReportDefinition = {
  name: 'sources',
  dimensions: sourceDimensions,
  attributes: false,
  columns: sourceFigures,
  bases: ['conversion'],
  alwaysBy: [],
  readsOn: true,
  defaultRange: 'week',
  render,
  finish: async (rows, request) => rows.map((row) => shown(row, hasMessages(request))),
};

const hasMessages = (request: ReportRequest) => !touches(planOf(sourcesReport, request), NOT_OF_MESSAGES);

function render(request: ReportRequest): Statement {
  const { from, to, tz, offset, limit } = request;
  const plan = planOf(sourcesReport, request);
  const filters = marked(
    filterPart(plan),
    'filter',
    plan.filters.flatMap(([, values]) => values),
  );
  const text = filled('reports/sources.sql', {
    ...groupParts(plan, sourceDimensions, 'conversions desc, messages desc'),
    ledger: filled('reports/parts/ledger.sql', { in_scope: 'true' }),
    has_messages: String(hasMessages(request)),
    filters: filters.text,
  });
  const days = { ledger_first: arrivalDay(from, -1), ledger_last: arrivalDay(FOREVER) };
  return bound(text, { ...filters.values, ...days, from, to, tz, as_of: FOREVER, offset, last: offset + limit });
}

const seconds = (ms: unknown) => (ms === null ? null : Number(ms) / 1_000);

function shown(row: Row, tellsMessages: boolean): Row {
  const { click_delay_p50, click_delay_p90, arrival_delay_p50, arrival_delay_p90, last_seen, is_total, ...counts } =
    row;
  const rate = wilson({ count: Number(row.matched), of: Number(row.conversions) });
  const ofMessages = tellsMessages ? {} : { messages: null, messages_without_entry: null };
  return {
    ...counts,
    ...ofMessages,
    match_rate: rate?.value ?? null,
    match_rate_low: rate?.low ?? null,
    match_rate_high: rate?.high ?? null,
    click_delay_p50_s: seconds(click_delay_p50),
    click_delay_p90_s: seconds(click_delay_p90),
    arrival_delay_p50_s: seconds(arrival_delay_p50),
    arrival_delay_p90_s: seconds(arrival_delay_p90),
    last_seen: last_seen === null ? null : new Date(Number(last_seen)).toISOString(),
    is_total,
  };
}

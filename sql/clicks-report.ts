import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { clickDimensions } from './clicks-columns.ts';
import { LATE_ARRIVAL_DAYS, type ReportRequest, ReportRequestError } from './definitions.ts';
import { readSql } from './read-sql.ts';

const DAY_MS = 86_400_000;
const DAYS_AND_HOURS = ['day', 'hour_of_day', 'weekday'];

/**
 * The statement of report `clicks`.
 * @throws ReportRequestError on a dimension that the report does not have
 */
export function renderClicksReport(request: ReportRequest): Statement {
  const by = [...new Set(request.by.map(columnOf))];
  const filters = Object.entries(request.filters).filter(([, values]) => values.length > 0);
  const parts = { ...groupParts(by), ...rowParts(by, filters) };
  const sql = readSql('reports/clicks.sql').replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const part = parts[name as keyof typeof parts];
    if (part === undefined) throw new Error(`reports/clicks.sql asks for a part ${name} that is not made`);
    return part;
  });
  return { sql, parameters: parametersOf(request, filters) };
}

/** Parts that say which rows are read. */
function rowParts(by: readonly string[], filters: readonly [string, readonly string[]][]) {
  const conditions = filters.map(
    ([name, values]) => `coalesce(cast(${columnOf(name)} as varchar), '') in (${values.map(() => '?').join(', ')})`,
  );
  return {
    known_codes: by.includes('outcome') ? 'true' : `code_kind <> 'unknown'`,
    filters: conditions.length > 0 ? conditions.join('\n    and ') : 'true',
  };
}

/** Parts that say how rows are grouped, named and ordered. */
function groupParts(by: readonly string[]) {
  const output = by.flatMap((column) =>
    namesOf(column).map((name) => (name === column ? name : `${column} as ${name}`)),
  );
  const columns = by.map((column) => `${column} nulls last`);
  const byTime = DAYS_AND_HOURS.includes(by[0] ?? '');
  return {
    dimensions: by.map((column) => `${column},`).join(' '),
    first_clicks: by.includes('link_no') ? 'count(distinct subscriber_link)' : 'cast(null as bigint)',
    is_total: by[0] ? `grouping(${by[0]}) = 1` : 'true',
    grouping_sets: by[0] ? `(${by.join(', ')}), ()` : '()',
    order: [...(byTime ? [] : ['clicks_human desc', 'clicks_total desc']), ...columns].join(', '),
    output: output.map((column) => `${column},`).join(' '),
  };
}

function parametersOf(request: ReportRequest, filters: readonly [string, readonly string[]][]): (string | number)[] {
  const { from, to, tz, offset, limit } = request;
  const days = [dayOf(from - DAY_MS), dayOf(to - 1 + LATE_ARRIVAL_DAYS * DAY_MS)];
  return [...days, tz, from, to, ...filters.flatMap(([, values]) => values), offset, offset + limit];
}

/** UTC date, yyyy-MM-dd: the partition that a record arriving then lands in. */
function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function columnOf(name: string): string {
  const dimension = clickDimensions.find((candidate) => candidate.name === name);
  if (!dimension) throw new ReportRequestError(`report clicks has no dimension ${name}`);
  return dimension.column;
}

/** A column's own name and its short names. */
function namesOf(column: string): string[] {
  return clickDimensions.filter((dimension) => dimension.column === column).map(({ name }) => name);
}

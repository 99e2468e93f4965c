import { finishReport, ReportRequestError, reports } from '../../sql/catalog.ts';
import { encodeCursor } from '../core/api/cursor.ts';
import { fault, invalid } from '../core/api/problem.ts';
import { csvResponse, prefersCsv } from './csv-response.ts';
import { emptyWarnings, filterWarnings, modelWarnings } from './filter-warnings.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import { plannedArms } from './planned-arms.ts';
import { type ReportQuery, statementOf } from './report-query.ts';
import type { ApiServices } from './services.ts';

type Row = Readonly<Record<string, unknown>>;

/** Column by which the statement tells the computed total from the groups. */
const TOTAL = 'is_total';

/** Rows and what they mean, as JSON or, where the client prefers it, CSV. */
export async function reportResponse(
  query: ReportQuery,
  found: readonly Row[],
  request: ApiRequest,
  services: ApiServices,
): Promise<ApiResponse> {
  const report = reports[query.name];
  const { total, groups, isCut } = await finished(query, found, services);
  const isGrouped = query.by.length > 0 || (report?.alwaysBy ?? []).length > 0;
  // Without dimensions the one group there is is the total.
  const rows = (!isGrouped && total ? [total] : groups).map(withoutMarker);
  const offset = String(query.offset + query.limit);
  const next_cursor = isCut ? encodeCursor(`reports/${query.name}`, { offset }) : null;
  if (prefersCsv(request)) {
    const columns = rows[0] ? Object.keys(rows[0]) : (report?.columns.map(({ name }) => name) ?? []);
    return csvResponse(query.name, columns, rows, next_cursor);
  }
  const meta = {
    columns: report?.columns ?? [],
    total: total ? withoutMarker(total) : null,
    basis: query.basis,
    from: new Date(query.from).toISOString(),
    to: new Date(query.to).toISOString(),
    tz: query.tz,
    ...query.choice,
    ...(query.currency && { currency: query.currency }),
    warnings: [
      ...(await filterWarnings(query, services)),
      ...emptyWarnings(query, report, rows),
      ...modelWarnings(query),
      ...(report?.warn?.(found, query) ?? []),
    ],
    generated_at: new Date(services.now()).toISOString(),
    engine: services.queryEngine.name,
    sql: statementOf(query).sql,
    next_cursor,
  };
  return { status: 200, body: { rows, meta } };
}

/** The page as it is shown, and whether there is another. @throws Problem 422 where the rows are too many to be finished */
async function finished(query: ReportQuery, found: readonly Row[], services: ApiServices) {
  const finish = (rows: readonly Row[]) =>
    finishReport(query.name, query, rows, { plannedArms: plannedArms(services) }).catch(asProblem);
  if (reports[query.name]?.finishesPages?.(query)) {
    const [[total], groups] = split(await finish(found));
    return { total, groups: groups.slice(0, query.limit), isCut: groups.length > query.limit };
  }
  const [totals, all] = split(found);
  const [[total], groups] = split(await finish([...totals, ...all.slice(0, query.limit)]));
  return { total, groups, isCut: all.length > query.limit };
}

function asProblem(error: unknown): never {
  throw error instanceof ReportRequestError ? invalid([fault('by', 'too_much', error.message)]) : error;
}

/** The total, if there is one, and the groups. */
function split(rows: readonly Row[]): [totals: Row[], groups: Row[]] {
  return [rows.filter((row) => row[TOTAL]), rows.filter((row) => !row[TOTAL])];
}

function withoutMarker(row: Row): Row {
  const { [TOTAL]: _, ...rest } = row;
  return rest;
}

import { finishReport, reports } from '../../sql/catalog.ts';
import { encodeCursor } from '../core/api/cursor.ts';
import { csvResponse, prefersCsv } from './csv-response.ts';
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
  const [totals, all] = split(found);
  const page = [...totals, ...all.slice(0, query.limit)];
  const [[total], groups] = split(await finishReport(query.name, query, page, { plannedArms: plannedArms(services) }));
  const report = reports[query.name];
  const isGrouped = query.by.length > 0 || (report?.alwaysBy ?? []).length > 0;
  // Without dimensions the one group there is is the total.
  const rows = (!isGrouped && total ? [total] : groups).map(withoutMarker);
  const offset = String(query.offset + query.limit);
  const next_cursor = all.length > query.limit ? encodeCursor(`reports/${query.name}`, { offset }) : null;
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
    generated_at: new Date(services.now()).toISOString(),
    engine: services.queryEngine.name,
    sql: statementOf(query).sql,
    next_cursor,
  };
  return { status: 200, body: { rows, meta } };
}

/** The total, if there is one, and the groups. */
function split(rows: readonly Row[]): [totals: Row[], groups: Row[]] {
  return [rows.filter((row) => row[TOTAL]), rows.filter((row) => !row[TOTAL])];
}

function withoutMarker(row: Row): Row {
  const { [TOTAL]: _, ...rest } = row;
  return rest;
}

import { toCsv } from '../core/reports/csv.ts';
import type { ApiRequest, ApiResponse } from './http.ts';

/** True where a client asks for CSV rather than JSON. */
export const prefersCsv = (request: ApiRequest): boolean => /\btext\/csv\b/.test(request.header('accept') ?? '');

/** Rows as a CSV file; where there is another page, its cursor stands in a header. */
export function csvResponse(
  name: string,
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
  nextCursor: string | null,
): ApiResponse {
  const headers = {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.csv"`,
    ...(nextCursor && { 'x-next-cursor': nextCursor }),
  };
  return { status: 200, body: toCsv(columns, rows), headers };
}

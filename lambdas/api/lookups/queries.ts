import { decodeCursor, encodeCursor } from '../../core/api/cursor.ts';
import type { Statement } from '../../core/reports/query-engine.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import { noSuchRun, rowsOf, stillRunning } from '../query-run.ts';
import type { ApiServices } from '../services.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Query parameters of calls that look into the lake. */
export const RUN_QUERY = { run: 'a run that an answer 202 named' } as const;

/**
 * Rows of several statements, asked at once; an answer 202 where they take longer, which names where to ask again.
 * @throws Problem 404 where the run is none of this path
 */
export async function rowsOfAll(
  path: string,
  statements: readonly Statement[],
  { query }: ApiRequest,
  services: ApiServices,
): Promise<{ readonly rows: readonly (readonly Row[])[] } | { readonly later: ApiResponse }> {
  const names = statements.map((_, at) => `query_${at}`);
  const ids =
    query.run === undefined
      ? await Promise.all(statements.map((statement) => services.queryEngine.start(statement)))
      : idsIn(path, names, query.run);
  const found = await Promise.all(ids.map((id) => rowsOf(id, path, services)));
  const rows = found.flatMap((list) => (list ? [list] : []));
  if (rows.length === found.length) return { rows };
  const run = encodeCursor(`${path}/run`, Object.fromEntries(names.map((name, at) => [name, String(ids[at])])));
  return { later: stillRunning(run, `${path}?${new URLSearchParams({ run })}`) };
}

function idsIn(path: string, names: readonly string[], run: string): string[] {
  try {
    const ids = decodeCursor(`${path}/run`, run, names);
    if (ids) return names.map((name) => ids[name] ?? '');
  } catch {
    // A text that is no cursor is no run either.
  }
  throw noSuchRun();
}

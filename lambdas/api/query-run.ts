import { Problem } from '../core/api/problem.ts';
import type { QueryStatus } from '../core/reports/query-engine.ts';
import type { ApiResponse } from './http.ts';
import type { ApiServices } from './services.ts';

type Row = Readonly<Record<string, unknown>>;

/** How long a call waits for its query before it answers 202, ms. */
const PATIENCE_MS = 20_000;
const POLL_MS = 250;

/**
 * Rows of a query, waited for as long as a call may; null where it is still running.
 * @throws Problem 404 where the query is not known any more, 503 where it failed
 */
export async function rowsOf(queryId: string, name: string, services: ApiServices): Promise<readonly Row[] | null> {
  return (await patiently(() => services.queryEngine.poll(queryId), name, services))?.rows ?? null;
}

/**
 * True as soon as a query is done, false where it takes longer than a call may wait.
 * @throws Problem 404 where the query is not known any more, 503 where it failed
 */
export async function isDone(queryId: string, name: string, services: ApiServices): Promise<boolean> {
  return (await patiently(() => services.queryEngine.status(queryId), name, services)) !== null;
}

async function patiently<S extends QueryStatus>(
  look: () => Promise<S | null>,
  name: string,
  { sleep, now, log }: ApiServices,
): Promise<Extract<S, { readonly state: 'done' }> | null> {
  const began = now();
  for (;;) {
    const state: QueryStatus | null = await look();
    if (!state) throw noSuchRun();
    if (state.state === 'done') return state as Extract<S, { readonly state: 'done' }>;
    if (state.state === 'failed') {
      log('report:failed', { report: name });
      throw new Problem(503, 'report_failed', `the query failed: ${state.reason}`);
    }
    if (now() - began >= PATIENCE_MS) return null;
    await sleep(POLL_MS);
  }
}

/** The answer where a query takes longer: where to ask again. */
export function stillRunning(id: string, location: string): ApiResponse {
  return { status: 202, body: { run: { id, status: 'running', location } }, headers: { location, 'retry-after': '2' } };
}

export const noSuchRun = () => new Problem(404, 'no_such_run', 'there is no such run: start the report again');

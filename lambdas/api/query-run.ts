import { Problem } from '../core/api/problem.ts';
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
  const { queryEngine, sleep, now, log } = services;
  const began = now();
  for (;;) {
    const state = await queryEngine.poll(queryId);
    if (!state) throw noSuchRun();
    if (state.state === 'done') return state.rows;
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

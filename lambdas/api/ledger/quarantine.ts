import { type QuarantineFilter, replayMessages, searchQuarantine } from '../../adapters/attribution/replay.ts';
import { workOnReplay } from '../../adapters/attribution/replay-run.ts';
import type { Quarantined, QuarantinePlace } from '../../adapters/quarantine-item.ts';
import { type ReplayRun, ReplayRuns } from '../../adapters/replay-runs.ts';
import { badCursor, decodeCursor, encodeCursor, parseLimit } from '../../core/api/cursor.ts';
import { Problem } from '../../core/api/problem.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { ApiServices } from '../services.ts';
import { checkFilter } from './quarantine-filter.ts';
import { dismissedView, listed, shown } from './quarantine-view.ts';
import { stopped } from './stopped.ts';

const LIST = 'quarantine';
/** How long a call works on a replay before it leaves the rest to the sweep, ms: one more step has to fit below 29 s. */
const PATIENCE_MS = 10_000;
/** Steps of a replay in one call, whatever the clock says. */
const MAX_STEPS = 10;

export async function listQuarantine({ query }: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  await checkFilter(query, services);
  const { found, next } = await searchQuarantine(
    query,
    placeOf(query.cursor),
    parseLimit(query.limit),
    services.ledger,
  );
  return { status: 200, body: { quarantine: found.map(listed), next_cursor: next && cursorOf(next) } };
}

const cursorOf = ({ id, received_at }: QuarantinePlace) => encodeCursor(LIST, { id, received_at: String(received_at) });

function placeOf(cursor: string | undefined): QuarantinePlace | null {
  const key = decodeCursor(LIST, cursor, ['id', 'received_at']);
  if (!key) return null;
  const received_at = Number(key.received_at);
  if (!Number.isSafeInteger(received_at)) throw badCursor();
  return { id: String(key.id), received_at };
}

export async function showQuarantined(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  return { status: 200, body: await shown(await findQuarantined(request, services), services) };
}

/** One message by its id, dismissed ones and those that wait among them. @throws Problem 404 */
export async function findQuarantined({ params }: ApiRequest, { ledger }: ApiServices): Promise<Quarantined> {
  const quarantined = await ledger.quarantine.get(params.id ?? '');
  if (quarantined) return quarantined;
  throw new Problem(404, 'not_found', `there is no message ${params.id} in quarantine: it may have been replayed`);
}

export async function replayOne(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const found = await findQuarantined(request, services);
  const [replayed] = await replayMessages([found], services.ledger);
  const [why] = replayed?.status === 'failed' ? await stopped([found], services) : [];
  const dismissed_at = replayed?.status === 'replayed' ? undefined : dismissedView(found).dismissed_at;
  const untried = why && { message: why.message };
  return { status: 200, body: { ...replayed, ...untried, ...(dismissed_at && { dismissed_at }) } };
}

/**
 * Starts a replay of all messages that fit a filter, works on it as long as a call may, and leaves the rest to the sweep.
 * @param id of the run: the same one goes on with the run there is
 */
export async function replayMany(id: string, filter: QuarantineFilter, services: ApiServices): Promise<ApiResponse> {
  const { ledger, ledgerTable, now } = services;
  const runs = new ReplayRuns(ledgerTable, now);
  const began = now();
  let steps = 0;
  const isOver = () => steps++ === MAX_STEPS || now() - began >= PATIENCE_MS;
  const run = await workOnReplay(await runs.start(id, filter), runs, ledger, isOver);
  return answer(202, run, services);
}

/** 202 while a replay runs, 200 once it is done. @throws Problem 404 */
export async function showReplay({ params }: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const run = await new ReplayRuns(services.ledgerTable, services.now).get(params.id ?? '');
  if (!run) throw new Problem(404, 'no_such_run', 'there is no such run; one is kept for seven days');
  return answer(run.done ? 200 : 202, run, services);
}

async function answer(status: 200 | 202, run: ReplayRun, services: ApiServices): Promise<ApiResponse> {
  const { id, done, replayed, quarantined, failed } = run;
  const location = `/v1/quarantine/runs/${encodeURIComponent(id)}`;
  const headers = status === 202 ? { location, 'retry-after': '2' } : {};
  const shown = { id, status: done ? 'done' : 'running', location };
  const failed_because = done && failed > 0 ? await stoppedOf(run, services) : [];
  return { status, body: { run: shown, replayed, quarantined, failed, failed_because }, headers };
}

/** Messages looked at for the sources that keep a replay from trying them. */
const LOOKED_AT = 500;

async function stoppedOf({ filter }: ReplayRun, services: ApiServices) {
  return stopped((await searchQuarantine(filter, null, LOOKED_AT, services.ledger)).found, services);
}

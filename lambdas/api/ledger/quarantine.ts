import { type MessageOutcome, processMessages } from '../../adapters/attribution/process.ts';
import { eachChunk } from '../../adapters/dynamo-batches.ts';
import type { Quarantined } from '../../adapters/quarantine-store.ts';
import { badCursor, decodeCursor, encodeCursor, parseLimit } from '../../core/api/cursor.ts';
import { Problem } from '../../core/api/problem.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { ApiServices } from '../services.ts';
import { listed, reasonsOf, shown } from './quarantine-view.ts';

/** Which messages are meant. */
export interface QuarantineFilter {
  readonly source?: string | undefined;
  readonly reason?: string | undefined;
}

interface Found {
  readonly found: readonly Quarantined[];
  /** Where the search goes on; null at the end. */
  readonly next: string | null;
}

/** Messages looked at in one call, and at a time. */
const MAX_SCANNED = 2_000;
const PAGE = 200;
const LIST = 'quarantine';
/** Most messages replayed in one call: each takes some twenty calls of the table. */
export const MAX_REPLAYS = 100;

export async function listQuarantine({ query }: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const { found, next } = await search(query, query.cursor, parseLimit(query.limit), services);
  return { status: 200, body: { quarantine: found.map(listed), next_cursor: next } };
}

/** Messages that fit a filter, those received first at the top. */
async function search(
  filter: QuarantineFilter,
  cursor: string | undefined,
  limit: number,
  services: ApiServices,
): Promise<Found> {
  const found: Quarantined[] = [];
  let place = placeOf(cursor);
  for (let scanned = 0; scanned < MAX_SCANNED; ) {
    const page = await services.ledger.quarantine.list('quarantine', place, PAGE);
    for (const one of page) {
      scanned++;
      place = one;
      if (fits(one, filter)) found.push(one);
      if (found.length === limit) return { found, next: cursorOf(one) };
    }
    if (page.length < PAGE) return { found, next: null };
  }
  return { found, next: place ? cursorOf(place) : null };
}

const fits = ({ source_id, parts }: Quarantined, { source, reason }: QuarantineFilter) =>
  (source === undefined || source === source_id) &&
  (reason === undefined || parts.some(({ faults }) => faults.some(({ code }) => code === reason)));

type Place = Pick<Quarantined, 'id' | 'received_at'>;

const cursorOf = ({ id, received_at }: Place) => encodeCursor(LIST, { id, received_at: String(received_at) });

function placeOf(cursor: string | undefined): Place | null {
  const key = decodeCursor(LIST, cursor, ['id', 'received_at']);
  if (!key) return null;
  const received_at = Number(key.received_at);
  if (!Number.isSafeInteger(received_at)) throw badCursor();
  return { id: String(key.id), received_at };
}

export async function showQuarantined(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  return { status: 200, body: await shown(await findQuarantined(request, services), services) };
}

/** @throws Problem 404 */
async function findQuarantined({ params }: ApiRequest, { ledger }: ApiServices): Promise<Quarantined> {
  const quarantined = await ledger.quarantine.get(params.id ?? '');
  if (quarantined) return quarantined;
  throw new Problem(404, 'not_found', `there is no message ${params.id} in quarantine: it may have been replayed`);
}

export async function replayOne(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const [replayed] = await replay([await findQuarantined(request, services)], services);
  return { status: 200, body: replayed };
}

/** Replays messages that fit a filter, some at a time: `next_cursor` leads to those that are left. */
export async function replayMany(
  {
    source,
    reason,
    cursor,
    limit = MAX_REPLAYS,
  }: QuarantineFilter & { cursor?: string | undefined; limit?: number | undefined },
  services: ApiServices,
): Promise<ApiResponse> {
  const { found, next } = await search({ source, reason }, cursor, limit, services);
  const results = await replay(found, services);
  const count = (status: string) => results.filter((result) => result.status === status).length;
  const counts = { replayed: count('replayed'), quarantined: count('quarantined'), failed: count('failed') };
  return { status: 200, body: { ...counts, results, next_cursor: next } };
}

/** Takes messages through interpretation and ledger again. What was counted before is found there, so nothing counts twice. */
async function replay(messages: readonly Quarantined[], { ledger }: ApiServices) {
  const outcomes: MessageOutcome[] = [];
  await eachChunk([...messages], 1, async ([one]) => {
    if (one) outcomes.push(...(await processMessages([one.message], ledger, { replays: one.replays + 1 })));
    return [];
  });
  return outcomes.map((outcome) => {
    const { id, source_id } = outcome.message;
    if ('error' in outcome) return { id, source_id, status: 'failed', reasons: [], items: [] };
    const faults = outcome.items.flatMap((item) => item.faults);
    const items = outcome.items.map(({ part, event }) => ({
      item: part,
      outcome: event.outcome,
      reason: event.reason,
    }));
    return { id, source_id, status: faults.length > 0 ? 'quarantined' : 'replayed', reasons: reasonsOf(faults), items };
  });
}

import { badCursor, decodeCursor, encodeCursor, parseLimit } from '../../core/api/cursor.ts';
import { Problem } from '../../core/api/problem.ts';
import { REASONS } from '../../core/postback/reasons.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { ApiServices } from '../services.ts';

/** What became of a source's items, the newest first. */
export async function listSourceEvents({ params, query }: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const id = params.id ?? '';
  const limit = parseLimit(query.limit);
  const list = `sources/${id}/events`;
  const now = services.now();
  const place = placeOf(decodeCursor(list, query.cursor, ['id', 'received_at'])) ?? { received_at: now + 1, id: '' };
  if (!(await services.ledger.known.source(id))) throw new Problem(404, 'not_found', `there is no source ${id}`);
  const found = await services.ledger.events.before(id, place, limit + 1, now);
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  const next_cursor = last ? encodeCursor(list, { id: last.id, received_at: String(last.received_at) }) : null;
  const events = shown.map(({ received_at, reason, ...event }) => ({
    ...event,
    received_at: new Date(received_at).toISOString(),
    reason,
    message: reason && REASONS[reason].replaceAll('{parameter}', event.parameter ?? 'A value'),
  }));
  return { status: 200, body: { events, next_cursor } };
}

function placeOf(key: Readonly<Record<string, string>> | undefined) {
  if (!key) return null;
  const received_at = Number(key.received_at);
  if (!Number.isSafeInteger(received_at)) throw badCursor();
  return { received_at, id: String(key.id) };
}

import { entryIn, type Stored } from '../adapters/entity-store.ts';
import { HistoryStore } from '../adapters/history-store.ts';
import { decodeCursor, encodeCursor, parseLimit } from '../core/api/cursor.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import type { ApiServices } from './services.ts';

/** Query parameters of every history. */
export const HISTORY_QUERY = {
  limit: '1 to 500, 50 if not given',
  cursor: 'next_cursor of the page before',
} as const;

/**
 * One page of an entity's changes, the newest first. The newest stands in the entity itself, read consistently; those
 * before it are in the ledger's index, which may lag by a moment.
 * @param subject the entity's key in the links table
 */
export async function historyPage(
  subject: string,
  stored: Stored<object>,
  { query }: ApiRequest,
  services: ApiServices,
): Promise<ApiResponse> {
  const limit = parseLimit(query.limit);
  const list = `history/${subject}`;
  const cursor = decodeCursor(list, query.cursor, ['before']);
  const newest = cursor ? null : entryIn(stored);
  const bound = cursor ? Number(cursor.before) : (newest?.revision ?? stored.revision + 1);
  const older = await new HistoryStore(services.ledgerTable).before(subject, bound, limit);
  const found = newest ? [newest, ...older.entries] : older.entries;
  const history = found.slice(0, limit);
  const last = history.at(-1)?.revision;
  const isLast = older.isLast && found.length <= limit;
  const next_cursor = isLast || last === undefined ? null : encodeCursor(list, { before: String(last) });
  return { status: 200, body: { history, next_cursor } };
}

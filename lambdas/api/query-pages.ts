import { badCursor, decodeCursor, encodeCursor } from '../core/api/cursor.ts';
import type { QueryPage } from '../core/reports/query-engine.ts';
import { noSuchRun } from './query-run.ts';
import type { ApiServices } from './services.ts';

type Row = QueryPage['rows'][number];

/** Where in the result of a query a page begins. The result stays as it is, so pages neither overlap nor miss a row. */
export interface Place {
  readonly queryId: string;
  /** As the engine tells it; null at the beginning. */
  readonly at: string | null;
}

/** Rows asked of the engine at a time: 500 of the largest have 2 to 3 MB. */
const CHUNK = 500;
/** Most bytes of rows in an answer; an answer has at most 5 MB. */
const MAX_BYTES = 4_000_000;
/** Rows looked at for one answer at most, where some are left out. */
const MAX_LOOKED_AT = 10_000;
/** Stands for the beginning in a cursor. */
const BEGINNING = 'first';

/** A place as the text that clients hand back, valid for this list alone. */
export function encodePlace(list: string, { queryId, at }: Place): string {
  return encodeCursor(list, { query: queryId, at: at ?? BEGINNING });
}

/** @throws Problem 400 where the text is no cursor of this list */
export function decodePlace(list: string, cursor: string): Place {
  const key = decodeCursor(list, cursor, ['query', 'at']);
  if (!key?.query) throw badCursor();
  return { queryId: key.query, at: key.at === BEGINNING ? null : (key.at ?? null) };
}

/**
 * Rows of a query from a place on: `limit` of them or as many as fit an answer, and the place after them.
 * @param keep leaves rows out; then a page may be short, even empty, and not the last
 * @throws Problem 404 where the result is not kept any more
 */
export async function pageFrom(
  { queryId, at }: Place,
  limit: number,
  { queryEngine }: ApiServices,
  keep: (rows: readonly Row[]) => Promise<readonly Row[]> = async (rows) => rows,
): Promise<{ rows: readonly Row[]; next: Place | null }> {
  const rows: Row[] = [];
  let place = at;
  for (let bytes = 0, looked = 0; ; ) {
    const page = await queryEngine.page(queryId, place, Math.min(CHUNK, limit - rows.length));
    if (!page) throw noSuchRun();
    const kept = await keep(page.rows);
    bytes += Buffer.byteLength(JSON.stringify(kept));
    looked += page.rows.length;
    if (rows.length > 0 && bytes > MAX_BYTES) return { rows, next: { queryId, at: place } };
    rows.push(...kept);
    if (page.next === null) return { rows, next: null };
    place = page.next;
    if (rows.length >= limit || looked >= MAX_LOOKED_AT) return { rows, next: { queryId, at: place } };
  }
}

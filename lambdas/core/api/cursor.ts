import { fault, invalid, Problem } from './problem.ts';

/** Where a list goes on: the index key of the last entry shown. */
export type ListKey = Readonly<Record<string, string>>;

/** Opaque to clients, and valid only for the list it came from. */
export function encodeCursor(list: string, key: ListKey): string {
  return Buffer.from(JSON.stringify([list, key])).toString('base64url');
}

/** @throws Problem 400 where the text is no cursor of this list */
export function decodeCursor(list: string, cursor: string | undefined): ListKey | undefined {
  if (cursor === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parsed) && parsed[0] === list && isListKey(parsed[1]) && encodeCursor(list, parsed[1]) === cursor)
      return parsed[1];
  } catch {
    // falls through: whatever is wrong with it, it is no cursor
  }
  throw new Problem(400, 'bad_cursor', 'cursor is not one this list gave out: begin again without it');
}

function isListKey(value: unknown): value is ListKey {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return (
    entries.length > 0 &&
    entries.every(([key, text]) => /^[a-z_]{1,32}$/.test(key) && typeof text === 'string' && text !== '')
  );
}

/** @throws Problem 422 where the limit is not 1 to 500 */
export function parseLimit(text: string | undefined): number {
  if (text === undefined) return 50;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500)
    throw invalid([fault('limit', 'out_of_range', 'must be a whole number from 1 to 500')]);
  return limit;
}

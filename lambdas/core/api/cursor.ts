import { fault, invalid, Problem } from './problem.ts';

/** Where a list goes on: the index key of the last entry shown. */
export type ListKey = Readonly<Record<string, string>>;

/** Opaque to clients, and valid only for the list it came from. */
export function encodeCursor(list: string, key: ListKey): string {
  return Buffer.from(JSON.stringify([list, key])).toString('base64url');
}

/**
 * Reads a cursor whose key has exactly these members.
 * @throws Problem 400 where the text is no cursor of this list
 */
export function decodeCursor(
  list: string,
  cursor: string | undefined,
  members: readonly string[],
): ListKey | undefined {
  if (cursor === undefined) return undefined;
  const [from, key] = parsed(cursor);
  if (from === list && isListKey(key, members) && encodeCursor(list, key) === cursor) return key;
  throw badCursor();
}

export const badCursor = () =>
  new Problem(400, 'bad_cursor', 'cursor is not one this list gave out: begin again without it');

function parsed(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function isListKey(value: unknown, members: readonly string[]): value is ListKey {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const names = entries.map(([name]) => name).sort();
  const isComplete = names.join() === members.toSorted().join();
  return isComplete && entries.every(([, text]) => typeof text === 'string' && text !== '');
}

/** @throws Problem 422 where the limit is not 1 to `most` */
export function parseLimit(text: string | undefined, most = 500, standard = 50): number {
  if (text === undefined) return standard;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > most)
    throw invalid([fault('limit', 'out_of_range', `must be a whole number from 1 to ${most}`)]);
  return limit;
}

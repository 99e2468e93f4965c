import type { Source } from '../entities/source.ts';
import type { ConversionProfile } from '../profiles/profile.ts';
import type { Item } from './interpret.ts';
import { parsePairs, type RawRequest } from './request.ts';

/**
 * Names of a query that nothing was read from, so that a misspelled one is seen. Those that a profile reads on conditions only, and
 * those of a signature, are no mistakes. Beside a signed body the whole query is unread.
 */
export function unreadParameters(
  { query, body_signed }: RawRequest,
  { inlet, ignore = [], shapes }: ConversionProfile,
  source: Source,
  items: readonly Item[],
): readonly string[] {
  if (inlet !== 'postbacks') return [];
  const names = [...new Set(parsePairs(query).map(([name]) => name))];
  if (body_signed) return names;
  const conditions = [...ignore.flatMap(({ when }) => when), ...shapes.flatMap(({ when = [] }) => when)];
  const read = new Set([
    ...items.flatMap(({ readings }) => readings.map(({ path }) => path)),
    ...conditions.map(({ path }) => path),
    ...Object.values(source.params).map((path) => path.replace(/\[\].*$/, '')),
    'sig',
    'sig_time',
  ]);
  return names.filter((name) => !read.has(name.split('[', 1)[0] ?? ''));
}

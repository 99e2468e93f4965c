import type { Source } from '../entities/source.ts';
import type { ConversionProfile } from '../profiles/profile.ts';
import type { Item } from './interpret.ts';
import { parsePairs, type RawRequest } from './request.ts';

/**
 * Names of a query that nothing was read from, so that a misspelled one is seen. Those that a profile reads on conditions only, and
 * those of a signature, are no mistakes.
 */
export function unreadParameters(
  { query }: RawRequest,
  { inlet, ignore = [], shapes }: ConversionProfile,
  source: Source,
  items: readonly Item[],
): readonly string[] {
  if (inlet !== 'postbacks') return [];
  const conditions = [...ignore.flatMap(({ when }) => when), ...shapes.flatMap(({ when = [] }) => when)];
  const read = new Set([
    ...items.flatMap(({ readings }) => readings.map(({ path }) => path)),
    ...conditions.map(({ path }) => path),
    ...Object.values(source.params),
    'sig',
    'sig_time',
  ]);
  return [...new Set(parsePairs(query).map(([name]) => name))].filter((name) => !read.has(name.replace(/\[.*$/, '')));
}

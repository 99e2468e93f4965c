import { DocumentCache } from '../../lambdas/adapters/edge/document-cache.ts';
import { DOCUMENT_TTL_MS } from '../../lambdas/redirect/services.ts';
import type { Tap } from './send.ts';

/** Instances of the edge function that share the taps evenly, the worst case for a cache of each instance's own. */
export interface Fleet {
  readonly instances: number;
  /** Mean time until an instance is replaced by one with an empty cache, ms; exponentially distributed. */
  readonly lifetimeMs: number;
}

export interface Lookups {
  readonly taps: number;
  /** Taps that had to read something. */
  readonly missed: number;
  /** Reads of the item that holds the link or, in the other design, the recipient. */
  readonly codeReads: number;
  /** Items read in all. */
  readonly itemReads: number;
  readonly instancesStarted: number;
}

/**
 * Plays taps through the caches of a fleet: the edge's own cache, with its own time to live.
 * @param codeKey the item that says where a subscriber's code leads
 */
export async function play(
  taps: readonly Tap[],
  { instances, lifetimeMs }: Fleet,
  codeKey: (subscriber: number) => string,
  random: () => number,
): Promise<Lookups> {
  const counted = { missed: 0, codeReads: 0, itemReads: 0, instancesStarted: 0 };
  let now = 0;
  const load = async (keys: readonly string[]) => {
    counted.itemReads += keys.length;
    counted.codeReads += keys.filter((key) => !SHARED.includes(key)).length;
    return new Map(keys.map((key) => [key, key]));
  };
  const fleet: { cache: DocumentCache; until: number }[] = [];
  const start = () => {
    counted.instancesStarted += 1;
    const cache = new DocumentCache({ load, now: () => now, ttlMs: () => DOCUMENT_TTL_MS });
    return { cache, until: now - Math.log(1 - random()) * lifetimeMs };
  };
  for (const tap of taps) {
    now = tap.at;
    const place = Math.floor(random() * instances);
    const known = fleet[place];
    const instance = known && known.until > now ? known : start();
    fleet[place] = instance;
    const keys = [...SHARED, codeKey(tap.subscriber)];
    if (instance.cache.has(keys)) continue;
    counted.missed += 1;
    await instance.cache.getMany(keys);
  }
  return { taps: taps.length, ...counted };
}

/** What every tap of the send needs beside its code's item. */
const SHARED: readonly string[] = ['settings', 'domain#go.example.com', 'domain#default', 'campaign#summer_sale'];

/** A personal link: one item for everybody. */
export const onePersonalLink = () => 'link#7';
/** The other design: a row for each recipient. */
export const rowPerRecipient = (subscriber: number) => `recipient#${subscriber}`;

import type { RematchJob } from '../rematch-jobs.ts';
import type { UnmatchedKey } from '../unmatched-index.ts';
import type { Ledger } from './ledger.ts';
import { rematch } from './rematch.ts';

/** Keys looked at in one go: two rounds of the eight calls that run side by side. What they wait for is matched before the next. */
const KEYS_AT_ONCE = 1_600;

/**
 * Works off jobs from a time or before, the oldest first, until none is left or `isOver` says to leave the rest to the next sweep.
 * A job that is not finished begins anew then: what was matched waits no longer, so that costs a look at its keys.
 * @returns how many conversions changed
 */
export async function workOnRematches(before: number, isOver: () => boolean, ledger: Ledger): Promise<number> {
  let changed = 0;
  for await (const job of ledger.jobs.before(before)) {
    for await (const keys of keysOf(job, ledger)) {
      if (isOver()) return changed;
      changed += await rematch(keys, ledger);
    }
    await ledger.jobs.done(job);
  }
  return changed;
}

/** Keys of a job, some at a time. Of a prefix these are the codes that wait by now: one noted with the job would miss later ones. */
async function* keysOf({ keys, promo }: RematchJob, { unmatched }: Ledger): AsyncGenerator<readonly UnmatchedKey[]> {
  for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) yield keys.slice(at, at + KEYS_AT_ONCE);
  if (promo) yield* unmatched.codesOf(promo);
}

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
    for (let at = 0; at < job.keys.length; at += KEYS_AT_ONCE) {
      if (isOver()) return changed;
      changed += await rematch(job.keys.slice(at, at + KEYS_AT_ONCE), ledger);
    }
    await ledger.jobs.done(job);
  }
  return changed;
}

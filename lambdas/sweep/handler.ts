import { emit } from '../adapters/attribution/emit.ts';
import { type Ledger, openLedger } from '../adapters/attribution/ledger.ts';
import { workOnRematches } from '../adapters/attribution/rematch-run.ts';
import { workOnReplay } from '../adapters/attribution/replay-run.ts';
import type { AttributionServices } from '../adapters/attribution/services.ts';
import { ReplayRuns } from '../adapters/replay-runs.ts';
import { lookAfterWaiting } from './waiting.ts';

export interface SweepOptions {
  /** What is pending for less than this is left to the worker that wrote it, ms. @default 120000 */
  readonly staleMs?: number;
  /** Epoch milliseconds at which whoever runs it ends it. @default never */
  readonly endsAt?: number;
}

/** What a sweep did. */
export interface SweepResult {
  /** Conversions whose entries or events were delivered. */
  readonly delivered: number;
  /** Conversions that were somebody's now. */
  readonly matched: number;
  /** Refunds whose sale never came, or was in another currency, put into quarantine. */
  readonly quarantined: number;
  /** Replays of the quarantine that are done now. */
  readonly replays: number;
}

const MINUTE = 60_000;
/** Conversions delivered in one go, and rounds of a sweep: what is left is the next one's. */
const BATCH = 200;
const ROUNDS = 50;
/** A list that is being minted is written by then, ms. */
const JOB_AGE = MINUTE;
/** Matching stops that long before the end, ms: refunds and replays come after it, and what is under way has to finish. */
const REST_MS = MINUTE;
/** Replays looked at in one sweep, and steps of them all: some thousand messages. */
const REPLAYS = 20;
const REPLAY_STEPS = 40;

/** Makes the sweep, which finishes what workers left: deliveries, keys that turned up, refunds whose sale never came. */
export function createSweep(services: AttributionServices): (options?: SweepOptions) => Promise<SweepResult> {
  const ledger = openLedger(services);
  return async ({ staleMs = 2 * MINUTE, endsAt = Number.POSITIVE_INFINITY } = {}) => {
    const isOver = () => services.now() > endsAt - REST_MS;
    const delivered = await deliverStale(ledger, services.now() - staleMs);
    const matched = await workOnRematches(services.now() - Math.min(staleMs, JOB_AGE), isOver, ledger);
    const quarantined = await lookAfterWaiting(ledger, isOver);
    const replays = await goOnReplaying(ledger, isOver);
    services.log('sweep:done', { delivered, matched, quarantined, replays });
    return { delivered, matched, quarantined, replays };
  };
}

async function deliverStale(ledger: Ledger, before: number): Promise<number> {
  let delivered = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const stale = await ledger.store.pendingSince(before, BATCH);
    if (round === 0) ledger.services.log('sweep:pending', { pending: stale.length });
    if (stale.length === 0) break;
    await emit(stale, ledger);
    delivered += stale.length;
  }
  return delivered;
}

/** Replays that a call of the API had to leave. */
async function goOnReplaying(ledger: Ledger, isOver: () => boolean): Promise<number> {
  const runs = new ReplayRuns(ledger.services.ledgerTable, ledger.services.now);
  let steps = 0;
  let done = 0;
  for (const run of await runs.open(REPLAYS))
    if ((await workOnReplay(run, runs, ledger, () => isOver() || steps++ >= REPLAY_STEPS)).done) done++;
  return done;
}

import type { Quarantined } from '../quarantine-item.ts';
import type { ReplayRun, ReplayRuns } from '../replay-runs.ts';
import type { Ledger } from './ledger.ts';
import { replayMessages, searchQuarantine } from './replay.ts';

/** Messages of one step: each takes some twenty calls of the table, and a call of the API ends after 29 s. */
const STEP = 50;
/** Who takes longer for a step than this is taken for dead, ms. */
const HOLD_MS = 60_000;

/**
 * Works on a run, step by step, until it is done, `isOver` says to leave the rest to others, or somebody else works on it.
 * What a worker that dies had replayed is not counted twice: the ledger knows it, and what was counted left the quarantine.
 * @returns the run as it is then
 */
export async function workOnReplay(
  run: ReplayRun,
  runs: ReplayRuns,
  ledger: Ledger,
  isOver: () => boolean,
): Promise<ReplayRun> {
  const { now } = ledger.services;
  const hold = () => now() + HOLD_MS;
  if (run.done || run.held_until > now()) return run;
  let held = await runs.save({ ...run, held_until: hold() });
  while (held && !held.done) {
    const over = isOver();
    const next: ReplayRun = over ? { ...held, held_until: 0 } : await stepped(held, ledger);
    const saved = await runs.save({ ...next, held_until: next.done || over ? 0 : hold() });
    if (over && saved) return saved;
    held = saved;
  }
  return held ?? (await runs.get(run.id)) ?? run;
}

/** The run after the next messages. */
async function stepped(run: ReplayRun, ledger: Ledger): Promise<ReplayRun> {
  const { found, next } = await searchQuarantine(run.filter, run.place, STEP, ledger);
  const isOwn = ({ received_at }: Pick<Quarantined, 'received_at'>) => received_at <= run.started_at;
  const results = await replayMessages(found.filter(isOwn), ledger);
  const count = (status: string) => results.filter((result) => result.status === status).length;
  return {
    ...run,
    place: next && { id: next.id, received_at: next.received_at },
    replayed: run.replayed + count('replayed'),
    quarantined: run.quarantined + count('quarantined'),
    failed: run.failed + count('failed'),
    done: next === null || !isOwn(next),
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { ConditionFailedError } from './dynamo-table.ts';

/** Of two who meet, one goes through at once; of many, most would only meet again without a pause. Pauses grow up to this, ms. */
const LONGEST_MS = 200;
const FIRST_PAUSED = 3;

/** Runs a read-and-write again while others write in between. From the third time on it waits a random while before. */
export async function retryOnConflict<T>(attempt: () => Promise<T>, attempts = 12): Promise<T> {
  for (let turn = 1; ; turn++) {
    if (turn >= FIRST_PAUSED) await sleep(Math.random() * Math.min(2 ** turn, LONGEST_MS));
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ConditionFailedError) || turn === attempts) throw error;
    }
  }
}

import { createHmac, type KeyObject } from 'node:crypto';
import { type Arm, type Experiment, HOLDOUT, inMillionths, MILLION } from './entities/experiment.ts';

/** The arm of a subscriber in one experiment. */
export interface Assignment {
  readonly experiment: string;
  readonly arm: Arm;
}

/** Numbers from 0 to below 1 are made of this many bytes: 48 bits are exact in a double. */
const DRAW_BYTES = 6;

/**
 * The arm of a subscriber: the same on every list and send, spread by the shares, and independent of every other experiment,
 * since the id of the experiment is part of what is hashed. Pure.
 */
export function armOf({ id, arms }: Pick<Experiment, 'id' | 'arms'>, subscriberId: string, key: KeyObject): Arm {
  const digest = createHmac('sha256', key).update(`${id}|${subscriberId}`).digest();
  const draw = digest.readUIntBE(0, DRAW_BYTES) / 2 ** (8 * DRAW_BYTES);
  let below = 0;
  for (const arm of arms) {
    below += inMillionths(arm.share);
    if (draw < below / MILLION) return arm;
  }
  throw new RangeError(`the shares of experiment ${id} do not add up to 1`);
}

/** True while subscribers are drawn: before it starts, after it ends and once archived everybody is simply messaged. */
export function isDrawing({ status, starts_at, ends_at }: Experiment, now: number): boolean {
  const hasBegun = starts_at === null || Date.parse(starts_at) <= now;
  const hasEnded = ends_at !== null && Date.parse(ends_at) <= now;
  return status === 'active' && hasBegun && !hasEnded;
}

/**
 * What a subscriber is drawn into, in the order of the experiments. The holdout of one takes part in no further one: who is
 * not messaged cannot tell anything about messages.
 */
export function assignmentsOf(
  experiments: readonly Pick<Experiment, 'id' | 'arms'>[],
  subscriberId: string,
  key: KeyObject,
): readonly Assignment[] {
  const drawn: Assignment[] = [];
  for (const experiment of experiments) {
    const arm = armOf(experiment, subscriberId, key);
    drawn.push({ experiment: experiment.id, arm });
    if (arm.name === HOLDOUT) break;
  }
  return drawn;
}

import type { DataFolder } from '../data-folder.ts';
import { Queue } from './queue.ts';

/** As in the stack: six times what the consumer has for a batch, and dead letters after five times. */
const VISIBILITY_MS = 180_000;
const MAX_RECEIVES = 5;

/**
 * What everybody goes by who puts messages in or takes them out, epoch ms. It is the real time, whatever the system's clock was set to:
 * a message sent in a set future would else wait for that time, and one that failed would never come again while the clock stands.
 */
export const queueClock = (): number => Date.now();

/** The queue of postbacks; any thread may open it. */
export const localQueue = ({ queue: folder }: Pick<DataFolder, 'queue'>): Queue =>
  new Queue({ folder, now: queueClock, visibilityMs: VISIBILITY_MS, maxReceives: MAX_RECEIVES });

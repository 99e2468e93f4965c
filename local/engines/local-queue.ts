import type { DataFolder } from '../data-folder.ts';
import { Queue } from './queue.ts';

/** As in the stack: six times what the consumer has for a batch, and dead letters after five times. */
const VISIBILITY_MS = 180_000;
const MAX_RECEIVES = 5;

/** The queue of postbacks; any thread may open it. */
export const localQueue = ({ queue: folder }: Pick<DataFolder, 'queue'>, now: () => number): Queue =>
  new Queue({ folder, now, visibilityMs: VISIBILITY_MS, maxReceives: MAX_RECEIVES });

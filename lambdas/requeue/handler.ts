import type { BlobStore } from '../adapters/blob-store.ts';
import type { EventStreams } from '../adapters/event-streams.ts';
import type { MessageQueue } from '../adapters/message-queue.ts';
import { blobPrefix } from '../contract/lake.ts';
import { archivedMessage, type StoredMessage } from '../core/postback/stored-message.ts';

export interface RequeueServices {
  readonly blobs: BlobStore;
  readonly queue: Pick<MessageQueue, 'send'>;
  readonly streams: Pick<EventStreams, 'put'>;
}

/** Messages brought back in one run; the next run takes the next. */
const AT_MOST = 500;
/** Failures after which a run gives a prefix up: queue or archive are away, and each failure takes its time. */
const AT_MOST_STUCK = 200;
const PAGE = 100;
/** Objects named in a log line. */
const NAMED = 50;

/** An object that could not be brought back; it stays where it is. */
export interface Stuck {
  readonly key: string;
  /** Name of the error: messages of errors may quote what the object holds. */
  readonly error: string;
}

/** How many messages went where, and what could not go. */
export interface Requeued {
  readonly queued: number;
  readonly archived: number;
  readonly stuck: readonly Stuck[];
}

/**
 * Brings back what queue or archive did not take while they were away. An object goes only after its message has arrived, so
 * one that dies in between is sent twice, which the ledger does not mind. One that cannot go keeps no other.
 */
export async function requeue({ blobs, queue, streams }: RequeueServices): Promise<Requeued> {
  const queued = await eachObject(blobs, blobPrefix.undelivered, (message) => queue.send(message));
  const archived = await eachObject(blobs, blobPrefix.unarchived, (message) =>
    streams.put('postbacks', [archivedMessage(message)]),
  );
  return { queued: queued.count, archived: archived.count, stuck: [...queued.stuck, ...archived.stuck] };
}

/** Takes an event's name and figures, never what a message holds. */
type Tell = (event: string, facts: Record<string, unknown>) => void;

/**
 * Makes the function's handler. It throws where something could not be brought back, after all that could: so it counts among
 * the errors of the function, which an alarm looks at.
 */
export function createRequeue(services: RequeueServices, log: Readonly<Record<'warn' | 'error', Tell>>) {
  return async (): Promise<void> => {
    const { stuck, ...counts } = await requeue(services);
    if (counts.queued + counts.archived > 0) log.warn('requeue:brought_back', counts);
    if (stuck.length === 0) return;
    log.error('requeue:stuck', { stuck: stuck.slice(0, NAMED), count: stuck.length });
    throw new Error(`${stuck.length} messages could not be brought back`);
  };
}

async function eachObject(blobs: BlobStore, prefix: string, take: (message: StoredMessage) => Promise<void>) {
  const stuck: Stuck[] = [];
  let count = 0;
  // What stays is passed by: it stands first in the list, and would fill the next run's as well.
  for (let after = ''; count < AT_MOST && stuck.length < AT_MOST_STUCK; ) {
    const keys = await blobs.list(prefix, PAGE, after);
    for (const key of keys) {
      const error = await bringBack(blobs, key, take);
      if (error === null) count++;
      else stuck.push({ key, error });
    }
    if (keys.length < PAGE) break;
    after = keys.at(-1) ?? '';
  }
  return { count, stuck };
}

/** Name of the error that kept it, or null. */
async function bringBack(
  blobs: BlobStore,
  key: string,
  take: (message: StoredMessage) => Promise<void>,
): Promise<string | null> {
  try {
    const bytes = await blobs.get(key);
    if (bytes) await take(JSON.parse(Buffer.from(bytes).toString()) as StoredMessage);
    await blobs.delete(key);
    return null;
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown';
  }
}

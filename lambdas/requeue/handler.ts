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

/**
 * Brings back what queue or archive did not take while they were away. An object goes only after its message has arrived, so
 * one that dies in between is sent twice, which the ledger does not mind.
 * @returns how many messages went where
 */
export async function requeue({
  blobs,
  queue,
  streams,
}: RequeueServices): Promise<{ queued: number; archived: number }> {
  const queued = await eachObject(blobs, blobPrefix.undelivered, (message) => queue.send(message));
  const archived = await eachObject(blobs, blobPrefix.unarchived, (message) =>
    streams.put('postbacks', [archivedMessage(message)]),
  );
  return { queued, archived };
}

async function eachObject(
  blobs: BlobStore,
  prefix: string,
  take: (message: StoredMessage) => Promise<void>,
): Promise<number> {
  const keys = await blobs.list(prefix, AT_MOST);
  for (const key of keys) {
    const bytes = await blobs.get(key);
    if (bytes) await take(JSON.parse(Buffer.from(bytes).toString()) as StoredMessage);
    await blobs.delete(key);
  }
  return keys.length;
}

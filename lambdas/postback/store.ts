import { blobPrefix } from '../contract/lake.ts';
import { archivedMessage, type StoredMessage } from '../core/postback/stored-message.ts';
import type { PostbackServices } from './services.ts';

/** Bodies up to this size travel in the message itself, bytes: base64 adds a third, and a message may have 1 MiB. */
export const INLINE_BYTES = 100_000;

type Head = Omit<StoredMessage, 'body' | 'body_ref'>;

/**
 * Stores a message so that it is not lost: a large body as an object, the whole in the archive, then in the queue. Where the
 * archive or the queue does not take it, an object takes its place, from which it is queued later.
 * @throws the last error where nothing durable takes it: then, and only then, nothing is stored
 */
export async function storeMessage(head: Head, body: Uint8Array, services: PostbackServices): Promise<void> {
  const message = { ...head, ...(await placed(head, body, services)) };
  await archive(message, services);
  try {
    await services.queue.send(message);
  } catch (error) {
    services.log('postback:queue_unavailable', { error: nameOf(error) });
    await services.blobs.put(`${blobPrefix.undelivered}${message.id}.json`, Buffer.from(JSON.stringify(message)));
  }
}

async function placed(
  { id, received_at }: Head,
  body: Uint8Array,
  { blobs }: PostbackServices,
): Promise<Pick<StoredMessage, 'body' | 'body_ref'>> {
  if (body.length <= INLINE_BYTES) return { body: Buffer.from(body).toString('base64'), body_ref: null };
  const day = new Date(received_at).toISOString().slice(0, 10);
  const body_ref = `${blobPrefix.bodies}${day}/${id}`;
  await blobs.put(body_ref, body);
  return { body: null, body_ref };
}

/** The archive is for people who look a message up, and for bringing back what a bug lost: the queue alone would forget it. */
async function archive(message: StoredMessage, { streams, blobs, log }: PostbackServices): Promise<void> {
  try {
    await streams.put('postbacks', [archivedMessage(message)]);
  } catch (error) {
    log('postback:archive_unavailable', { error: nameOf(error) });
    await blobs.put(`${blobPrefix.unarchived}${message.id}.json`, Buffer.from(JSON.stringify(message)));
  }
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : 'unknown');

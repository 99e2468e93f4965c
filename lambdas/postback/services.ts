import type { BlobStore } from '../adapters/blob-store.ts';
import type { EventStreams } from '../adapters/event-streams.ts';
import type { MessageQueue } from '../adapters/message-queue.ts';
import type { KnownSource } from '../adapters/source-store.ts';
import type { Keyring } from '../core/keyring.ts';
import type { RawRequest } from '../core/postback/request.ts';

/** Everything the receiving function needs from outside. */
export interface PostbackServices {
  readonly findSource: (id: string) => Promise<KnownSource | null>;
  /** Takes what a provider tells of deliveries; false where it tells none. */
  readonly deliver: (request: RawRequest, sourceId: string) => Promise<boolean>;
  /** Keys of click ids; the pixel asks for a valid one. */
  readonly edgeKeys: () => Promise<Keyring>;
  readonly streams: Pick<EventStreams, 'put'>;
  readonly blobs: Pick<BlobStore, 'put'>;
  readonly queue: Pick<MessageQueue, 'send'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newId: () => string;
  /** Takes what happened: an event name and figures, never what a sender sent. */
  readonly log: (event: string, facts: Readonly<Record<string, unknown>>) => void;
}

import type { DynamoTable } from '../dynamo-table.ts';
import type { EventStreams } from '../event-streams.ts';
import type { SecretKeys } from '../secret-keys.ts';

/** Objects by key. */
export interface BlobReader {
  /** Null where there is no such object. */
  get(key: string): Promise<Uint8Array | null>;
}

/** Everything that turning messages into entries needs from outside. */
export interface AttributionServices {
  readonly linksTable: DynamoTable;
  readonly ledgerTable: DynamoTable;
  readonly keys: Pick<SecretKeys, 'edge' | 'home'>;
  readonly streams: Pick<EventStreams, 'put'>;
  readonly blobs: BlobReader;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** What ages of remembered configuration are told by as well as by `now`, ms: where that may be made to stand, a clock that goes on. @default now */
  readonly uptime?: () => number;
  /** Ids nobody else has. */
  readonly newId: () => string;
  /** Takes what happened: an event name and figures, never what a sender sent. */
  readonly log: (event: string, facts: Readonly<Record<string, unknown>>) => void;
}

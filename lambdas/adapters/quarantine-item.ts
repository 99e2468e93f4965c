import { hash } from 'node:crypto';
import { ledgerKey } from '../contract/keys.ts';
import type { Fault } from '../core/postback/reasons.ts';
import type { StoredMessage } from '../core/postback/stored-message.ts';
import { compressed, decompressed } from './compression.ts';
import type { Item } from './dynamo-table.ts';

/** What of a message could not be counted. */
export interface QuarantinedPart {
  /** Which item of the message. */
  readonly part: string;
  readonly faults: readonly Fault[];
}

/** A message that was not counted in whole, kept as it came. */
export interface Quarantined {
  /** The message's id. */
  readonly id: string;
  readonly source_id: string;
  readonly received_at: number;
  /** When it was put here, or last tried in vain; epoch milliseconds. */
  readonly quarantined_at: number;
  readonly parts: readonly QuarantinedPart[];
  /** How often it was replayed. */
  readonly replays: number;
  readonly message: StoredMessage;
  readonly shelf: Shelf;
  /** Null where nobody dismissed it. */
  readonly dismissed: Dismissal | null;
  /** Grows with every write to what waits. */
  readonly rev: number;
}

/** That somebody gave a message up. */
export interface Dismissal {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly token_id: string;
  readonly token_name: string;
}

/** Where the list goes on. */
export interface QuarantinePlace {
  readonly received_at: number;
  readonly id: string;
}

/**
 * `quarantine` is listed; of what is `dismissed` only that is listed again which waited then. What of a message waits for the sale it
 * takes back lies beside either, on the shelf `waiting`, and moves to quarantine where none comes.
 */
export type Shelf = 'quarantine' | 'waiting' | 'dismissed';

/** A message is kept as long, days: longer than any network lets its reports be corrected. */
const KEPT_DAYS = 180;
/** Partitions of each shelf. */
export const SHARDS = 4;
/** Parts that are listed of a message with more. All that wait are kept: others are not tried again. */
const MAX_PARTS = 100;

/** Where an item of a message lies. */
export const pkOf = (shelf: Shelf, id: string) =>
  shelf === 'waiting' ? ledgerKey.waiting(id) : ledgerKey.quarantine(id);
/** Whether the same item of a message is among these. */
export const isAmong = (parts: readonly QuarantinedPart[], { part }: QuarantinedPart) =>
  parts.some((one) => one.part === part);

/** Partition of the index. */
export const kindOf = (shelf: Shelf, shard: number) => `${shelf}#${shard}`;
/** Order within it. */
export const sortOf = ({ received_at, id }: QuarantinePlace) => `${String(received_at).padStart(15, '0')}#${id}`;
/** What {@link sortOf} was made of. */
export const placeOf = (sort: string): QuarantinePlace => {
  const at = sort.indexOf('#');
  return { received_at: Number(sort.slice(0, at)), id: sort.slice(at + 1) };
};
/** Which partition of its shelf a message is in. */
export const shardOf = (id: string) => hash('sha256', id, 'buffer').readUInt8() % SHARDS;

/** A message as the table holds it. @param now when it is put, epoch milliseconds */
export function toItem(
  shelf: Shelf,
  message: StoredMessage,
  parts: readonly QuarantinedPart[],
  now: number,
  replays: number,
): Item {
  const { id, source_id, received_at } = message;
  return {
    pk: pkOf(shelf, id),
    kind: kindOf(shelf, shardOf(id)),
    sort: sortOf(message),
    source_id,
    received_at,
    quarantined_at: now,
    parts: shelf === 'waiting' ? parts : parts.slice(0, MAX_PARTS),
    replays,
    message: compressed(JSON.stringify(message)),
    expires_at: Math.floor(now / 1_000) + KEPT_DAYS * 86_400,
  };
}

/** What an item of the table says. */
export function toQuarantined(item: Item): Quarantined {
  const {
    source_id,
    received_at,
    quarantined_at,
    parts,
    replays,
    dismissed = null,
    rev = 0,
  } = item as unknown as Quarantined;
  const message: StoredMessage = JSON.parse(decompressed(item.message as unknown as Uint8Array));
  const shelf = String(item.kind).split('#')[0] as Shelf;
  return { id: message.id, source_id, received_at, quarantined_at, parts, replays, message, shelf, dismissed, rev };
}

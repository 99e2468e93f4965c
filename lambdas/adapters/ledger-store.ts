import { ledgerKey } from '../contract/keys.ts';
import { isAwaitingSale } from '../core/ledger/apply.ts';
import { conversionIdOf } from '../core/ledger/keys.ts';
import { type ConversionRecord, type Delivered, isPending, settled } from '../core/ledger/record.ts';
import { compressed, decompressed } from './compression.ts';
import { ConditionFailedError, type DynamoTable, type Item } from './dynamo-table.ts';

/** A conversion as it lies in the table; `record` is null where there is none yet. */
export interface StoredConversion {
  readonly id: string;
  readonly record: ConversionRecord | null;
  /** Grows with every write. */
  readonly revision: number;
  /** Turn of an order's claim that may make no sale here any more, see order-claims.ts. */
  readonly fence: number | null;
}

/** A conversion that exists. */
export interface KnownConversion extends StoredConversion {
  readonly record: ConversionRecord;
}

/** Whether a report of the conversion itself has come, not only what takes it back. */
export const hasSale = ({ record }: StoredConversion): boolean => record !== null && !isAwaitingSale(record.state);

/** Whether it counts: reported, and not as a duplicate of another. */
export const counts = (stored: StoredConversion): stored is KnownConversion =>
  hasSale(stored) && stored.record?.state.duplicate_of === undefined;

/** More than an item can hold; what is stored stays as it is. */
export class ConversionTooLargeError extends Error {
  override readonly name = 'ConversionTooLargeError';
}

/** Kept this long after its last change, s: the longest attribution window and the longest time a chargeback takes fit in well. */
const KEPT_SECONDS = 2 * 365 * 86_400;
/** An item has at most 400 KB (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html); ids and events need the rest. */
const MAX_BYTES = 200_000;
/** Longer texts are compressed: entries of one conversion are much alike. */
const PLAIN_BYTES = 4_000;

/** Partitions of the index of what is still to be delivered: one would take 1,000 writes a second. */
const PENDING_PARTITIONS = 8;
const pendingKind = (partition: number) => `pending#${partition}`;

/** Conversions in the ledger table, each one item that is only ever written on condition that nobody else wrote since it was read. */
export class LedgerStore {
  readonly #table: DynamoTable;
  readonly #now: () => number;

  constructor(table: DynamoTable, now: () => number) {
    this.#table = table;
    this.#now = now;
  }

  /** By the key of the conversion. */
  async load(key: string): Promise<StoredConversion> {
    return this.byId(conversionIdOf(key));
  }

  /** By its key, together with another item, in one call. */
  async loadWith(key: string, other: string): Promise<readonly [StoredConversion, Item | null]> {
    const id = conversionIdOf(key);
    const pk = ledgerKey.conversionItem(id);
    const items = await this.#table.getMany([pk, other]);
    return [toStored(id, items.get(pk)), items.get(other) ?? null];
  }

  /** By its id, or that of one of several sales under its key. */
  async byId(conversionId: string): Promise<StoredConversion> {
    const id = conversionId.split('.')[0] ?? '';
    return toStored(id, await this.#table.get(ledgerKey.conversionItem(id)));
  }

  /** Writes state, entries and what is to be delivered at once. @throws ConditionFailedError, ConversionTooLargeError */
  async save(record: ConversionRecord, before: StoredConversion): Promise<KnownConversion> {
    return { ...(await this.#write({ ...before, record })), record };
  }

  /** Has whoever read it before and is about to write begin anew; nothing else changes. @throws ConditionFailedError */
  async touch(before: StoredConversion): Promise<void> {
    await this.#write(before);
  }

  /** Bars a claim from making a sale of this conversion. @throws ConditionFailedError */
  async fence(before: StoredConversion, turn: number): Promise<void> {
    await this.#write({ ...before, fence: turn });
  }

  /** Clears what was delivered; what came meanwhile stays. */
  async settle(conversion: KnownConversion, delivered: Delivered): Promise<void> {
    for (let at: StoredConversion = conversion; at.record && isPending(at.record); at = await this.byId(at.id)) {
      const record = settled(at.record, delivered);
      if (record.pending.length === at.record.pending.length && record.events.length === at.record.events.length)
        return;
      try {
        await this.#settleOne(at, record);
        return;
      } catch (error) {
        if (!(error instanceof ConditionFailedError)) throw error;
      }
    }
  }

  async #settleOne({ id, revision }: StoredConversion, record: ConversionRecord): Promise<void> {
    const rest = isPending(record);
    await this.#table.update(
      ledgerKey.conversionItem(id),
      {
        set: { rev: revision + 1, ...(rest && { pending: record.pending, events: record.events }) },
        ...(rest ? {} : { remove: ['pending', 'events', 'kind', 'sort'] }),
      },
      { expression: 'rev = :rev', values: { ':rev': revision } },
    );
  }

  /** Conversions last written at a time or before that still have something to deliver: the oldest first, some of each partition. */
  async pendingSince(before: number, limit: number): Promise<readonly KnownConversion[]> {
    const pages = await Promise.all(
      Array.from({ length: PENDING_PARTITIONS }, (_, at) =>
        this.#table.query({
          index: 'by-kind',
          partition: { name: 'kind', value: pendingKind(at) },
          limit: Math.ceil(limit / PENDING_PARTITIONS),
        }),
      ),
    );
    const due = pages.flatMap(({ items }) => items).filter(({ sort }) => String(sort) < timeSort(before + 1));
    const read = await Promise.all(due.map(({ pk }) => this.byId(pk.slice(ledgerKey.conversionItem('').length))));
    return read.filter((one): one is KnownConversion => one.record !== null && isPending(one.record));
  }

  async #write({ id, record, fence, revision }: StoredConversion): Promise<StoredConversion> {
    const now = this.#now();
    const waits = record !== null && isPending(record);
    const item = {
      pk: ledgerKey.conversionItem(id),
      rev: revision + 1,
      expires_at: Math.floor(now / 1_000) + KEPT_SECONDS,
      ...(fence !== null && { fence }),
      ...(record && { body: packed(record) }),
      ...(waits && { pending: record.pending, events: record.events }),
      ...(waits && { kind: pendingKind(partitionOf(id)), sort: `${timeSort(now)}#${id}` }),
    };
    const condition =
      revision === 0
        ? { expression: 'attribute_not_exists(pk)' }
        : { expression: 'rev = :rev', values: { ':rev': revision } };
    await this.#table.put(item, condition);
    return { id, record, fence, revision: revision + 1 };
  }
}

const timeSort = (time: number) => String(time).padStart(15, '0');
const partitionOf = (id: string) => Number.parseInt(id.slice(-2), 16) % PENDING_PARTITIONS;

function packed({ state, entries, join }: ConversionRecord): string | Uint8Array {
  const text = JSON.stringify({ state, entries, join });
  if (text.length <= PLAIN_BYTES) return text;
  const bytes = compressed(text);
  if (bytes.length <= MAX_BYTES) return bytes;
  throw new ConversionTooLargeError(`a conversion would take ${bytes.length} bytes, ${MAX_BYTES} are the limit`);
}

function toStored(id: string, item: Item | null | undefined): StoredConversion {
  if (!item) return { id, record: null, revision: 0, fence: null };
  const { rev, fence, body, pending = [], events = [] } = item;
  return {
    id,
    revision: Number(rev),
    fence: typeof fence === 'number' ? fence : null,
    record: body === undefined ? null : ({ ...unpacked(body), pending, events } as ConversionRecord),
  };
}

function unpacked(body: unknown): Pick<ConversionRecord, 'state' | 'entries' | 'join'> {
  return JSON.parse(typeof body === 'string' ? body : decompressed(body as Uint8Array));
}

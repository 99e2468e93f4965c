import { hash } from 'node:crypto';
import { ledgerIndex, ledgerKey } from '../contract/keys.ts';
import type { SourceEvent } from '../core/ledger/source-event.ts';
import { type DynamoTable, goesThrough, type Item } from './dynamo-table.ts';

/** How long events are kept, days. */
export const EVENT_DAYS = 30;
const DAY_MS = 86_400_000;
/** Partitions of a source's day: one would take 1,000 events a second. */
const SHARDS = 4;

/** Where a list of events goes on: events before this place. */
export interface EventPlace {
  readonly received_at: number;
  readonly id: string;
}

/** What became of the items of every source, newest first, each under an id that no redelivery or replay changes. */
export class EventLog {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  /** Puts on record what a message did. To be given only what the ledger wrote together with the effect. */
  async put(events: readonly SourceEvent[]): Promise<void> {
    // one that waited under another conversion first may be owed by both: what it came to in the end counts
    const isSettled = ({ reason }: SourceEvent) => reason !== 'awaiting_sale';
    const once = new Map(
      events.toSorted((a, b) => Number(isSettled(a)) - Number(isSettled(b))).map((one) => [one.id, one]),
    );
    await this.#table.putMany([...once.values()].map(toItem));
  }

  /** Puts on record what became of an item, unless a delivery before this one had an effect. */
  async note(event: SourceEvent): Promise<void> {
    const condition = {
      expression: 'attribute_not_exists(pk) OR outcome = :quarantined',
      values: { ':quarantined': 'quarantined' },
    };
    await goesThrough(this.#table.put(toItem(event), condition));
  }

  /** Events by their ids; those not on record are missing. */
  async get(ids: readonly string[]): Promise<ReadonlyMap<string, SourceEvent>> {
    const items = await this.#table.getMany(ids.map(ledgerKey.sourceEvent));
    const events = [...items.values()].map(toEvent);
    return new Map(events.map((event) => [event.id, event]));
  }

  /** Events of a source before a place, the newest first; fewer than `limit` where there are no more. */
  async before(sourceId: string, place: EventPlace, limit: number, now: number): Promise<readonly SourceEvent[]> {
    const found: SourceEvent[] = [];
    const lastDay = dayOf(now) - EVENT_DAYS;
    for (let day = dayOf(place.received_at); day >= lastDay && found.length < limit; day--)
      found.push(...(await this.#ofDay(sourceId, day, place, limit - found.length)));
    return found;
  }

  /** How many events of a source lie between two times, the second excluded; counting ends at `atMost`. */
  async count(sourceId: string, from: number, until: number, atMost: number): Promise<number> {
    let found = 0;
    for (let day = dayOf(until - 1); day >= dayOf(from) && found < atMost; day--) {
      const events = await this.#ofDay(sourceId, day, { received_at: until, id: '' }, atMost - found);
      found += events.filter(({ received_at }) => received_at >= from).length;
    }
    return found;
  }

  async #ofDay(sourceId: string, day: number, place: EventPlace, limit: number): Promise<SourceEvent[]> {
    const shards = await Promise.all(
      Array.from({ length: SHARDS }, async (_, shard) => {
        const kind = kindOf(sourceId, day, shard);
        const { items } = await this.#table.query({
          index: ledgerIndex.byKind,
          partition: { name: 'kind', value: kind },
          limit,
          descending: true,
          from: { pk: ledgerKey.sourceEvent(place.id), kind, sort: sortOf(place) },
        });
        return items.map(toEvent);
      }),
    );
    return shards
      .flat()
      .toSorted((a, b) => (sortOf(a) < sortOf(b) ? 1 : -1))
      .slice(0, limit);
  }
}

const dayOf = (time: number) => Math.floor(time / DAY_MS);
const kindOf = (sourceId: string, day: number, shard: number) =>
  `${ledgerKey.sourceEvent(sourceId)}#${new Date(day * DAY_MS).toISOString().slice(0, 10)}#${shard}`;
const sortOf = ({ received_at, id }: EventPlace) => `${String(received_at).padStart(15, '0')}#${id}`;
const shardOf = (id: string) => hash('sha256', id, 'buffer').readUInt8() % SHARDS;

function toItem(event: SourceEvent): Item {
  const { id, source_id, received_at } = event;
  return {
    ...event,
    pk: ledgerKey.sourceEvent(id),
    kind: kindOf(source_id, dayOf(received_at), shardOf(id)),
    sort: sortOf(event),
    expires_at: Math.floor(received_at / 1_000) + (EVENT_DAYS + 1) * 86_400,
  };
}

function toEvent(item: Item): SourceEvent {
  const { id, source_id, received_at, outcome, reason, parameter, conversion_id, duplicate_of, ...about } =
    item as unknown as SourceEvent;
  const { event = null, txn_id = null, order_id = null } = about;
  return {
    id,
    source_id,
    received_at,
    event,
    txn_id,
    order_id,
    outcome,
    reason,
    parameter,
    conversion_id,
    duplicate_of,
  };
}

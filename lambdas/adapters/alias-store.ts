import { ledgerKey } from '../contract/keys.ts';
import type { ConversionEvent } from '../core/postback/parameters.ts';
import { type DynamoTable, goesThrough, type Item } from './dynamo-table.ts';

/** As long as claims of orders: longer than any conversion is kept. */
const KEPT_SECONDS = 3 * 365 * 86_400;

/** What a source calls by a name too: another of its transactions or orders, or a conversion that counts for another source. */
export type Named = { readonly txn_id: string } | { readonly duplicate_of: string };

/** A transaction of an order, by reports of one event that named both. */
export interface OrderName {
  readonly source_id: string;
  readonly txn_id: string;
  readonly event: ConversionEvent;
  readonly order_id: string;
}

/** Other names of transactions: for what takes them back under such a name, and for reports that name nothing else. */
export class AliasStore {
  readonly #table: DynamoTable;
  readonly #now: () => number;

  constructor(table: DynamoTable, now: () => number) {
    this.#table = table;
    this.#now = now;
  }

  /** What a source calls by this name too where it means this event: as its reports told, else as anything did; null where nothing is known. */
  async of(sourceId: string, name: string, event: ConversionEvent): Promise<Named | null> {
    const [own, any] = [ledgerKey.alias(sourceId, name, event), ledgerKey.alias(sourceId, name)];
    const items = await this.#table.getMany([own, any]);
    return toNamed(items.get(own)) ?? toNamed(items.get(any));
  }

  /** A name whatever the event. Telling it again changes nothing. */
  async put(sourceId: string, name: string, named: Named): Promise<void> {
    await this.#table.put({ pk: ledgerKey.alias(sourceId, name), ...named, ...this.#kept() });
  }

  /** Which order a transaction is of, and what reports of both count as once that is settled; null where nobody told. */
  async orderOf({ source_id, txn_id, event }: Omit<OrderName, 'order_id'>) {
    const item = await this.#table.get(ledgerKey.alias(source_id, txn_id, event));
    return item ? { order_id: String(item.order_id), named: toNamed(item) } : null;
  }

  /**
   * Keeps which order a transaction is of, unless it is known to be of another, and what reports of both count as, once they do.
   * @returns whether it is of this order
   */
  async putOrder({ source_id, txn_id, event, order_id }: OrderName, named: Named | null): Promise<boolean> {
    const item = { pk: ledgerKey.alias(source_id, txn_id, event), order_id, ...named, ...this.#kept() };
    const isItsOwn = {
      expression: 'attribute_not_exists(pk) OR order_id = :order',
      values: { ':order': order_id },
    };
    return goesThrough(this.#table.put(item, isItsOwn));
  }

  #kept() {
    return { expires_at: Math.floor(this.#now() / 1_000) + KEPT_SECONDS };
  }
}

function toNamed(item: Item | null | undefined): Named | null {
  if (!item) return null;
  const { txn_id, duplicate_of } = item as { readonly txn_id?: string; readonly duplicate_of?: string };
  if (txn_id !== undefined) return { txn_id };
  return duplicate_of === undefined ? null : { duplicate_of };
}

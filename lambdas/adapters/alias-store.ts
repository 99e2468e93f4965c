import { ledgerKey } from '../contract/keys.ts';
import type { CanonicalConversion } from '../core/postback/conversion.ts';
import type { DynamoTable, Item } from './dynamo-table.ts';

/** As long as claims of orders: longer than any conversion is kept. */
const KEPT_SECONDS = 3 * 365 * 86_400;

/** What a source calls by a name too: another of its transactions or orders, or a conversion that counts for another source. */
export type Named = { readonly txn_id: string } | { readonly duplicate_of: string };

/** Other names of transactions: for what takes them back under such a name, and for reports that name nothing else. */
export class AliasStore {
  readonly #table: DynamoTable;
  readonly #now: () => number;

  constructor(table: DynamoTable, now: () => number) {
    this.#table = table;
    this.#now = now;
  }

  /** What a source calls by this name too; null where nothing is known. */
  async get(sourceId: string, name: string): Promise<Named | null> {
    return toNamed(await this.#table.get(ledgerKey.alias(sourceId, name)));
  }

  /** A name for what takes back. Telling it again changes nothing. */
  async put(sourceId: string, name: string, named: Named): Promise<void> {
    await this.#put(ledgerKey.alias(sourceId, name), named);
  }

  /** Which order a transaction is of, by a report of the same event that named both; null where nobody told. */
  async orderOf({ source_id, txn_id, event }: CanonicalConversion): Promise<string | null> {
    if (txn_id === null) return null;
    const item = await this.#table.get(ledgerKey.alias(source_id, txn_id, event));
    return item ? String(item.order_id) : null;
  }

  /** Keeps which order a transaction is of, for reports of its event that name the transaction alone. */
  async putOrder({ source_id, event }: CanonicalConversion, txnId: string, orderId: string): Promise<void> {
    await this.#put(ledgerKey.alias(source_id, txnId, event), { order_id: orderId });
  }

  async #put(pk: string, named: Named | { readonly order_id: string }): Promise<void> {
    const expires_at = Math.floor(this.#now() / 1_000) + KEPT_SECONDS;
    await this.#table.put({ pk, ...named, expires_at });
  }
}

function toNamed(item: Item | null): Named | null {
  if (!item) return null;
  const { txn_id, duplicate_of } = item as { readonly txn_id?: string; readonly duplicate_of?: string };
  if (txn_id !== undefined) return { txn_id };
  return duplicate_of === undefined ? null : { duplicate_of };
}

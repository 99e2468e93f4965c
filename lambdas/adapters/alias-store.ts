import { ledgerKey } from '../contract/keys.ts';
import type { DynamoTable } from './dynamo-table.ts';

/** As long as claims of orders: longer than any conversion is kept. */
const KEPT_SECONDS = 3 * 365 * 86_400;

/** What a source calls by a name too: another of its transactions or orders, or a conversion that counts for another source. */
export type Named = { readonly txn_id: string } | { readonly duplicate_of: string };

/** Other names of transactions, for what takes them back under such a name. */
export class AliasStore {
  readonly #table: DynamoTable;
  readonly #now: () => number;

  constructor(table: DynamoTable, now: () => number) {
    this.#table = table;
    this.#now = now;
  }

  /** What a source calls by this name too; null where nothing is known. */
  async get(sourceId: string, name: string): Promise<Named | null> {
    const item = await this.#table.get(ledgerKey.alias(sourceId, name));
    if (!item) return null;
    const { txn_id, duplicate_of } = item as { readonly txn_id?: string; readonly duplicate_of?: string };
    if (txn_id !== undefined) return { txn_id };
    return duplicate_of === undefined ? null : { duplicate_of };
  }

  /** Telling it again changes nothing. */
  async put(sourceId: string, name: string, named: Named): Promise<void> {
    const expires_at = Math.floor(this.#now() / 1_000) + KEPT_SECONDS;
    await this.#table.put({ pk: ledgerKey.alias(sourceId, name), ...named, expires_at });
  }
}

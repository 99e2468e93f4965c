import { ledgerKey } from '../contract/keys.ts';
import type { Alias } from '../core/postback/interpret.ts';
import type { DynamoTable } from './dynamo-table.ts';

/** As long as claims of orders: longer than any conversion is kept. */
const KEPT_SECONDS = 3 * 365 * 86_400;

/** Other names of transactions, for what takes them back under such a name. */
export class AliasStore {
  readonly #table: DynamoTable;
  readonly #now: () => number;

  constructor(table: DynamoTable, now: () => number) {
    this.#table = table;
    this.#now = now;
  }

  /** The transaction that a source calls by this name too; null where none is known. */
  async get(sourceId: string, name: string): Promise<string | null> {
    const item = await this.#table.get(ledgerKey.alias(sourceId, name));
    return item ? String(item.txn_id) : null;
  }

  /** Telling it again changes nothing. */
  async put(sourceId: string, { name, txn_id }: Alias): Promise<void> {
    const expires_at = Math.floor(this.#now() / 1_000) + KEPT_SECONDS;
    await this.#table.put({ pk: ledgerKey.alias(sourceId, name), txn_id, expires_at });
  }
}

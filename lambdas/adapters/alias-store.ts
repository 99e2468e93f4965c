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

  /** Under which name reports of its event count that bring its transaction alone; null where nobody told. */
  async ofReports({ source_id, txn_id, event }: CanonicalConversion): Promise<Named | null> {
    return txn_id === null ? null : toNamed(await this.#table.get(ledgerKey.alias(source_id, txn_id, event)));
  }

  /** A name for what takes back. Telling it again changes nothing. */
  async put(sourceId: string, name: string, named: Named): Promise<void> {
    await this.#put(ledgerKey.alias(sourceId, name), named);
  }

  /** A name that a report brought which counts under another: it holds for reports of its event that bring this name alone as well. */
  async putReport({ source_id, txn_id, event }: CanonicalConversion, named: Named): Promise<void> {
    if (txn_id === null) return;
    await this.put(source_id, txn_id, named);
    await this.#put(ledgerKey.alias(source_id, txn_id, event), named);
  }

  async #put(pk: string, named: Named): Promise<void> {
    const expires_at = Math.floor(this.#now() / 1_000) + KEPT_SECONDS;
    await this.#table.put({ pk, ...named, expires_at });
  }
}

/** What an item of the table says a name is. */
function toNamed(item: Item | null): Named | null {
  if (!item) return null;
  const { txn_id, duplicate_of } = item as { readonly txn_id?: string; readonly duplicate_of?: string };
  if (txn_id !== undefined) return { txn_id };
  return duplicate_of === undefined ? null : { duplicate_of };
}

import { ledgerIndex, ledgerKey } from '../contract/keys.ts';
import { batchesOf } from './batches.ts';
import { compressed, decompressed } from './compression.ts';
import type { DynamoTable, Item } from './dynamo-table.ts';
import type { PromoPrefix, UnmatchedKey } from './unmatched-index.ts';

/** What one job holds: an item has 400 KB at most, and long ids may not become shorter. */
const LIMITS = { count: 5_000, bytes: 380_000 };
const KIND = 'rematch';
/** Jobs of one look into the index, which gives 1 MB at most: some six full ones. */
const PAGE = 20;
/** A job nobody could do in this time is given up, s. */
const KEPT_SECONDS = 30 * 86_400;

/** Keys that are about to name somebody. */
export interface RematchJob {
  readonly id: string;
  readonly keys: readonly UnmatchedKey[];
  /** All codes of this, whichever wait when the job is worked on. */
  readonly promo: PromoPrefix | null;
}

/**
 * Keys that a list brings, or a campaign's prefix, put here before that is written and worked off by the sweep: so neither does the
 * caller wait for conversions to be matched, nor are any forgotten where it dies.
 */
export class RematchJobs {
  readonly #table: DynamoTable;
  readonly #now: () => number;
  readonly #newId: () => string;

  constructor(table: DynamoTable, now: () => number, newId: () => string) {
    this.#table = table;
    this.#now = now;
    this.#newId = newId;
  }

  async add(keys: readonly UnmatchedKey[]): Promise<void> {
    const sizeOf = (key: UnmatchedKey) => Buffer.byteLength(JSON.stringify(key)) + 1;
    for (const batch of batchesOf(keys, sizeOf, LIMITS)) await this.#put({ keys: compressed(JSON.stringify(batch)) });
  }

  /** A prefix that a campaign is about to have. */
  async addPromo(promo: PromoPrefix): Promise<void> {
    await this.#put({ promo });
  }

  async #put(what: Readonly<Record<string, unknown>>): Promise<void> {
    const id = this.#newId();
    await this.#table.put({
      pk: ledgerKey.rematch(id),
      kind: KIND,
      sort: `${sortOf(this.#now())}#${id}`,
      id,
      ...what,
      expires_at: Math.floor(this.#now() / 1_000) + KEPT_SECONDS,
    });
  }

  /** Jobs from a time or before, the oldest first: read as they are asked for, each once. */
  async *before(time: number): AsyncGenerator<RematchJob> {
    const partition = { name: 'kind', value: KIND };
    for await (const items of this.#table.pages({ index: ledgerIndex.byKind, partition, limit: PAGE }))
      for (const item of items) {
        if (String(item.sort) >= sortOf(time + 1)) return;
        yield toJob(item);
      }
  }

  async done({ id }: RematchJob): Promise<void> {
    await this.#table.delete(ledgerKey.rematch(id));
  }
}

const sortOf = (time: number) => String(time).padStart(15, '0');

function toJob({ id, keys, promo }: Item): RematchJob {
  return {
    id: String(id),
    keys: keys === undefined ? [] : JSON.parse(decompressed(keys as Uint8Array)),
    promo: (promo as PromoPrefix | undefined) ?? null,
  };
}

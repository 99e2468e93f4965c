import { ledgerIndex, ledgerKey, type UnmatchedKind } from '../contract/keys.ts';
import type { Mark } from '../core/identity/addresses.ts';
import { ConditionFailedError, type DynamoTable } from './dynamo-table.ts';
import type { PromoOwner } from './promo-lookup.ts';

/** A key that may come to name somebody: an address or customer id by its hash, a subscriber id as it is, a promo code as it is read. */
export interface UnmatchedKey {
  readonly kind: UnmatchedKind;
  readonly value: string;
}

export const keyOfMark = ({ kind, hash }: Mark): UnmatchedKey => ({ kind, value: hash });

/** What promo codes of a campaign begin with, folded. They all come to name somebody when the campaign has this prefix. */
export type PromoPrefix = Pick<PromoOwner, 'campaignId' | 'prefix'>;

/** The same for every spelling of a code. */
export const keyOfCode = ({ campaignId, prefix, subscriberNo }: PromoOwner): UnmatchedKey => ({
  kind: 'promo',
  value: `${campaignId}#${prefix}#${subscriberNo}`,
});

/** Conversions remembered of one key: a person’s orders; more are those of a till or a test address. */
const MAX_CONVERSIONS = 500;
const KEPT_SECONDS = 2 * 365 * 86_400;

/** Codes read from the index in one go. */
const PAGE = 500;

const pkOf = ({ kind, value }: UnmatchedKey) => ledgerKey.unmatched(kind, value);

/** What the index lists a code under: that of its prefix. The other keys are asked for by name only. */
const listing = ({ kind, value }: UnmatchedKey) =>
  kind === 'promo' ? { kind: ledgerKey.unmatched(kind, value.slice(0, value.lastIndexOf('#'))), sort: value } : {};

/**
 * Which conversions wait for a key. Whoever waits is written here first and then looks once more whether the key names
 * anybody; whoever gives a key its meaning writes that first and then looks here. So one of the two always sees the other.
 */
export class UnmatchedIndex {
  readonly #table: DynamoTable;
  readonly #now: () => number;

  constructor(table: DynamoTable, now: () => number) {
    this.#table = table;
    this.#now = now;
  }

  /** Remembers that a conversion waits for these keys. */
  async add(keys: readonly UnmatchedKey[], conversionId: string): Promise<void> {
    await Promise.all(keys.map((key) => this.#addOne(key, conversionId)));
  }

  async #addOne(key: UnmatchedKey, conversionId: string): Promise<void> {
    const change = {
      add: { conversions: new Set([conversionId]) },
      set: { expires_at: Math.floor(this.#now() / 1_000) + KEPT_SECONDS, ...listing(key) },
    };
    const condition = {
      expression: 'attribute_not_exists(conversions) OR size(conversions) < :most',
      values: { ':most': MAX_CONVERSIONS },
    };
    try {
      await this.#table.update(pkOf(key), change, condition);
    } catch (error) {
      if (!(error instanceof ConditionFailedError)) throw error;
    }
  }

  /** Ids of conversions that wait for any of these keys, by key. */
  async waiting(keys: readonly UnmatchedKey[]): Promise<ReadonlyMap<UnmatchedKey, readonly string[]>> {
    const items = await this.#table.getMany(keys.map(pkOf), ['conversions']);
    const found = keys.flatMap((key) => {
      const ids = items.get(pkOf(key))?.conversions;
      return ids instanceof Set && ids.size > 0 ? [[key, [...ids] as string[]] as const] : [];
    });
    return new Map(found);
  }

  /** Codes with a prefix that somebody waits for, some at a time. Those of the last second or so may be missing. */
  async *codesOf({ campaignId, prefix }: PromoPrefix): AsyncGenerator<readonly UnmatchedKey[]> {
    const partition = { name: 'kind', value: ledgerKey.unmatched('promo', `${campaignId}#${prefix}`) };
    for await (const items of this.#table.pages({ index: ledgerIndex.byKind, partition, limit: PAGE }))
      yield items.map(({ sort }) => ({ kind: 'promo', value: String(sort) }) as const);
  }

  /** Forgets that these conversions wait for a key, and the key where nobody else does. */
  async remove(key: UnmatchedKey, conversionIds: readonly string[]): Promise<void> {
    const left = await this.#table.update(pkOf(key), { take: { conversions: new Set(conversionIds) } });
    if (left.conversions !== undefined) return;
    try {
      await this.#table.delete(pkOf(key), { expression: 'attribute_not_exists(conversions)' });
    } catch (error) {
      if (!(error instanceof ConditionFailedError)) throw error;
    }
  }
}

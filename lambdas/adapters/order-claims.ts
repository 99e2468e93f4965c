import { isTooOld } from '../core/ledger/click-age.ts';
import { isUnproved } from '../core/ledger/facts.ts';
import { decideOrder, isOneOfMany, mayBeOfOrder, type OrderClaim } from '../core/ledger/order.ts';
import type { EntryOrigin } from '../core/ledger/record.ts';
import { type Voiding, voided } from '../core/ledger/voided.ts';
import type { CanonicalConversion } from '../core/postback/conversion.ts';
import { ConditionFailedError, type DynamoTable, type Item } from './dynamo-table.ts';
import { hasSale, type KnownConversion, type LedgerStore, type StoredConversion } from './ledger-store.ts';

/** Under which key a message counts: `turn` is the order's claim it counts by; or whose duplicate it is. */
export type OrderVerdict = (
  | { readonly key: string; readonly turn: number | null; readonly stored: StoredConversion }
  | { readonly duplicate_of: string }
) & {
  /** What is stored under the key of its own. */
  readonly own: StoredConversion;
  /** What a picture told and counts no more, to be delivered. */
  readonly barred?: KnownConversion;
};

/** Longer than any conversion is kept: while one is, nobody else may have its order. */
const KEPT_SECONDS = 3 * 365 * 86_400;

interface StoredClaim extends OrderClaim {
  /** Grows with every owner. */
  readonly turn: number;
}

/**
 * Who owns an order in a group of sources. The claim is written before the conversion, so a worker that dies in between leaves a
 * claim without a sale. Whoever finds one takes it over: it first bars the old claim from ever making its sale (the fence,
 * on the very item the sale would be written to, on condition that nobody wrote there), then takes the claim. Both are
 * conditional writes, so of two who try, one wins, and neither clocks nor waiting decide anything.
 */
export class OrderClaims {
  readonly #table: DynamoTable;
  readonly #store: LedgerStore;
  readonly #now: () => number;

  constructor(table: DynamoTable, store: LedgerStore, now: () => number) {
    this.#table = table;
    this.#store = store;
    this.#now = now;
  }

  /** The conversion that owns an order now; null where nobody claims it. @param order key of the order */
  async owner(order: string): Promise<StoredConversion | null> {
    const item = await this.#table.get(order);
    return item ? this.#store.load(toClaim(item).key) : null;
  }

  /**
   * @param order key of the order
   * @param key of the conversion
   * @param from where an entry comes from that the claim makes necessary
   * @throws ConditionFailedError where others are faster: decide again
   */
  async decide(order: string, conversion: CanonicalConversion, key: string, from: EntryOrigin): Promise<OrderVerdict> {
    const isPixel = conversion.by_pixel === true;
    const [own, item] = await this.#store.loadWith(key, order);
    const found = item && toClaim(item);
    const claimed = found && found.key !== key ? await this.#store.load(found.key) : own;
    const isForeign = found !== null && found.source_id !== conversion.source_id;
    const isHollow = (isForeign || isOneOfMany(conversion)) && !hasSale(claimed);
    const details = claimed.record?.state.details;
    const isOfAnother = details !== undefined && !mayBeOfOrder(details, conversion);
    const givesWay = found?.weak === true && !isPixel && (isForeign || isOfAnother);
    const decision = decideOrder(isHollow || givesWay ? null : found, conversion, key);
    if (!decision.proceed) return { duplicate_of: decision.duplicate_of, own };
    if (decision.claim) {
      // what would be refused takes nobody's order
      if (isTooOld(conversion) && !hasSale(own)) return { key, turn: null, stored: own, own };
      const { conversion_id: duplicate_of } = decision.claim;
      const voiding = { duplicate_of, from, at: conversion.received_at };
      const barred = found && claimed.id !== own.id ? await this.#bar(order, claimed, found.turn, voiding) : null;
      const claim = isPixel ? { ...decision.claim, weak: true as const } : decision.claim;
      const turn = await this.#take(order, claim, found);
      return { key, turn, stored: own, own, ...(barred && { barred }) };
    }
    const stored = decision.key === key ? own : claimed;
    if (isForeign || !found) return { key, turn: null, stored: own, own };
    const isProved = found.weak === true && !isPixel && conversion.entry === 'sale';
    const turn = isProved ? await this.#take(order, { ...found, weak: false }, found) : found.turn;
    return { key: decision.key, turn, stored, own };
  }

  /** Keeps a claim that is taken over from making its sale. @returns one that only pictures made: it counts no more */
  async #bar(
    order: string,
    claimed: StoredConversion,
    turn: number,
    voiding: Voiding,
  ): Promise<KnownConversion | null> {
    await this.#confirm(order, { turn });
    if (claimed.fence === turn) return null;
    if (claimed.record && hasSale(claimed) && isUnproved(claimed.record.state.facts))
      return this.#store.save(voided(claimed.record, voiding), { ...claimed, fence: turn });
    await this.#store.fence(claimed, turn);
    return null;
  }

  /** Takes a claim anew that others are about to take over. @throws ConditionFailedError where they were faster */
  async reassert(order: string, turn: number): Promise<void> {
    const found = await this.#confirm(order, { turn });
    await this.#take(order, found, found);
  }

  /**
   * A claim that still stands. Read after the conversion: whoever proves its claim writes that before its sale, so a sale that counts by
   * another turn is never barred. @throws ConditionFailedError where it changed
   */
  async #confirm(order: string, { turn }: Pick<StoredClaim, 'turn'>): Promise<StoredClaim> {
    const item = await this.#table.get(order);
    const found = item && toClaim(item);
    if (!found || found.turn !== turn) throw new ConditionFailedError('the order changed its owner');
    return found;
  }

  async #take(
    pk: string,
    { source_id, key, conversion_id, weak }: Omit<OrderClaim, 'weak'> & { readonly weak?: boolean },
    before: StoredClaim | null,
  ): Promise<number> {
    const turn = (before?.turn ?? 0) + 1;
    const expires_at = Math.floor(this.#now() / 1_000) + KEPT_SECONDS;
    const condition = before
      ? { expression: 'turn = :turn', values: { ':turn': before.turn } }
      : { expression: 'attribute_not_exists(pk)' };
    await this.#table.put({ pk, source_id, key, conversion_id, turn, expires_at, ...(weak && { weak }) }, condition);
    return turn;
  }
}

function toClaim(item: Item): StoredClaim {
  const { source_id, key, conversion_id, turn, weak } = item as unknown as StoredClaim;
  return { source_id, key, conversion_id, turn, ...(weak && { weak }) };
}

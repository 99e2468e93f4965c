import { decideOrder, isOneOfMany, type OrderClaim } from '../core/ledger/order.ts';
import type { CanonicalConversion } from '../core/postback/conversion.ts';
import { ConditionFailedError, type DynamoTable, type Item } from './dynamo-table.ts';
import { hasSale, type LedgerStore, type StoredConversion } from './ledger-store.ts';

/** Under which key a message counts: `turn` is the order's claim it counts by; or whose duplicate it is. */
export type OrderVerdict =
  | { readonly key: string; readonly turn: number | null; readonly stored: StoredConversion }
  | { readonly duplicate_of: string };

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

  /** @param order key of the order @param key of the conversion @throws ConditionFailedError where others are faster: decide again */
  async decide(order: string, conversion: CanonicalConversion, key: string): Promise<OrderVerdict> {
    const [own, item] = await this.#store.loadWith(key, order);
    const found = item && toClaim(item);
    const isForeign = found !== null && found.source_id !== conversion.source_id;
    const claimed = found && found.key !== key ? await this.#store.load(found.key) : own;
    const isHollow = (isForeign || isOneOfMany(conversion)) && !hasSale(claimed);
    const decision = decideOrder(isHollow ? null : found, conversion, key);
    if (!decision.proceed) return { duplicate_of: decision.duplicate_of };
    if (!decision.claim)
      return {
        key: decision.key,
        turn: isForeign ? null : (found?.turn ?? null),
        stored: decision.key === key ? own : claimed,
      };
    if (isForeign && claimed.fence !== found.turn) await this.#store.fence(claimed, found.turn);
    return { key, turn: await this.#take(order, decision.claim, found), stored: own };
  }

  /** Takes a claim anew that others are about to take over. @throws ConditionFailedError where they were faster */
  async reassert(order: string, turn: number): Promise<void> {
    const item = await this.#table.get(order);
    const found = item && toClaim(item);
    if (!found || found.turn !== turn) throw new ConditionFailedError('the order changed its owner');
    await this.#take(order, found, found);
  }

  async #take(pk: string, { source_id, key, conversion_id }: OrderClaim, before: StoredClaim | null): Promise<number> {
    const turn = (before?.turn ?? 0) + 1;
    const expires_at = Math.floor(this.#now() / 1_000) + KEPT_SECONDS;
    const condition = before
      ? { expression: 'turn = :turn', values: { ':turn': before.turn } }
      : { expression: 'attribute_not_exists(pk)' };
    await this.#table.put({ pk, source_id, key, conversion_id, turn, expires_at }, condition);
    return turn;
  }
}

function toClaim(item: Item): StoredClaim {
  const { source_id, key, conversion_id, turn } = item as unknown as StoredClaim;
  return { source_id, key, conversion_id, turn };
}

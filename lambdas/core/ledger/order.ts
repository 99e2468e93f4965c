import type { CanonicalConversion } from '../postback/conversion.ts';
import { conversionIdOf } from './keys.ts';
import type { Details } from './state.ts';

/** Stored under an order's key: the conversion that owns it. Put once, on condition that there is none that stands. */
export interface OrderClaim {
  readonly source_id: string;
  readonly key: string;
  readonly conversion_id: string;
  /** Put by a picture, which anybody can ask for: it gives way to the first source that proves itself. @default no */
  readonly weak?: true;
}

export type OrderDecision =
  /** Go on under this key; `claim` is to be put first where it is not null (a lost race means: decide again). */
  | { readonly proceed: true; readonly key: string; readonly claim: OrderClaim | null }
  | { readonly proceed: false; readonly duplicate_of: string };

/**
 * Whether a message of a source in a dedupe group counts. The first source to report an order owns it, with its refunds; others’ messages
 * are duplicates. Whatever the owner says about the order goes to the one key, whether or not it names a transaction; but each
 * transaction of a subscription is a rebill of its own. What takes back claims nothing: a refund may come before its sale, from
 * whichever source.
 */
export function decideOrder(claim: OrderClaim | null, conversion: CanonicalConversion, key: string): OrderDecision {
  const { source_id, entry } = conversion;
  if (claim && claim.source_id !== source_id) return { proceed: false, duplicate_of: claim.conversion_id };
  if (claim) return { proceed: true, key: isOneOfMany(conversion) ? key : claim.key, claim: null };
  return entry === 'sale'
    ? { proceed: true, key, claim: { source_id, key, conversion_id: conversionIdOf(key) } }
    : { proceed: true, key, claim: null };
}

/** Whether a conversion may be of the order that a report names: not where it has another. */
export const mayBeOfOrder = ({ order_id }: Details, conversion: CanonicalConversion): boolean =>
  order_id === null || order_id === conversion.order_id;

/** A transaction of a subscription: its order names them all. */
export const isOneOfMany = ({ event, txn_id }: CanonicalConversion): boolean => event === 'rebill' && txn_id !== null;

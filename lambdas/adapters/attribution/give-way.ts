import { isFull } from '../../core/ledger/apply.ts';
import { isTooOld } from '../../core/ledger/click-age.ts';
import { conversionIdOf, subjectIn } from '../../core/ledger/keys.ts';
import { mayBeOfOrder } from '../../core/ledger/order.ts';
import type { EntryOrigin } from '../../core/ledger/record.ts';
import type { Fact } from '../../core/ledger/state.ts';
import { voided } from '../../core/ledger/voided.ts';
import type { MatchKeys } from '../../core/match-keys.ts';
import type { CanonicalConversion } from '../../core/postback/conversion.ts';
import type { Named } from '../alias-store.ts';
import { counts, hasSale, type StoredConversion } from '../ledger-store.ts';
import type { OrderVerdict } from '../order-claims.ts';
import type { Keyed } from './candidates.ts';
import { deliver } from './emit.ts';
import type { Ledger } from './ledger.ts';

/** What was said under a name that gave way. */
export interface Inheritance {
  readonly facts: readonly Fact[];
  /** By what it was joined to somebody; null where there was nothing. */
  readonly keys: MatchKeys | null;
}
export const NOTHING_INHERITED: Inheritance = { facts: [], keys: null };

/**
 * A report that names an order and a transaction, and counts under the order or for another source: what names the transaction alone is
 * about the same from now on, and what was counted under it counts no more; unless the transaction is known to be of another order. What
 * reports of both count as is written last: where it stands, all of that was done.
 * @returns what was said under the transaction alone: it stays there, so whoever dies before it is entered finds it again
 * @throws ConditionFailedError, ConversionTooLargeError
 */
export async function giveWay(
  { conversion, key }: Keyed,
  verdict: OrderVerdict,
  from: EntryOrigin,
  ledger: Ledger,
): Promise<Inheritance> {
  const { source_id, event, txn_id, order_id, received_at: at } = conversion;
  if (txn_id === null || order_id === null || !isOther(key, verdict) || !maySay(conversion, verdict))
    return NOTHING_INHERITED;
  const { store, aliases } = ledger;
  const { own } = verdict;
  const told = { source_id, event, txn_id, order_id };
  const named = nameFor(conversion, verdict);
  const known = await aliases.orderOf(told);
  if (known !== null && known.order_id !== order_id) return NOTHING_INHERITED;
  if (counts(own) || !isEqual(known?.named ?? null, named)) {
    if (!(await aliases.putOrder(told, null))) return NOTHING_INHERITED;
    const duplicate_of = 'key' in verdict ? conversionIdOf(verdict.key) : verdict.duplicate_of;
    if (counts(own)) await deliver([await store.save(voided(own.record, { duplicate_of, from, at }), own)], ledger);
    else await store.touch(own);
    await aliases.putOrder(told, named);
  }
  return 'key' in verdict ? inheritanceOf(own) : NOTHING_INHERITED;
}

const isOther = (key: string, verdict: OrderVerdict) => !('key' in verdict) || verdict.key !== key;

/** Whether a report proves that transaction and order are one: no picture does, none that is refused, nor where either is another's. */
function maySay(conversion: CanonicalConversion, verdict: OrderVerdict): boolean {
  const { entry, txn_id, order_id, by_pixel } = conversion;
  const details = verdict.own.record?.state.details;
  const isOfAnother = details !== undefined && !mayBeOfOrder(details, conversion);
  return entry === 'sale' && !by_pixel && txn_id !== order_id && !isOfAnother && !isRefused(conversion, verdict);
}

function isRefused(conversion: CanonicalConversion, verdict: OrderVerdict): boolean {
  if (!('key' in verdict)) return false;
  const { stored, own } = verdict;
  const facts = [stored, own].flatMap(({ record }) => record?.state.facts ?? []);
  return isFull(facts) || (isTooOld(conversion) && !hasSale(stored));
}

const nameFor = (conversion: CanonicalConversion, verdict: OrderVerdict): Named =>
  'key' in verdict ? { txn_id: subjectIn(verdict.key, conversion) } : { duplicate_of: verdict.duplicate_of };

const isEqual = (a: Named | null, b: Named) => JSON.stringify(a) === JSON.stringify(b);

const inheritanceOf = ({ record }: StoredConversion): Inheritance =>
  record ? { facts: record.state.facts, keys: record.join.keys } : NOTHING_INHERITED;

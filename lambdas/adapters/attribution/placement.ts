import { conversionKey, orderKey, subjectIn } from '../../core/ledger/keys.ts';
import type { CanonicalConversion } from '../../core/postback/conversion.ts';
import type { Named } from '../alias-store.ts';
import { ConditionFailedError } from '../dynamo-table.ts';
import type { StoredConversion } from '../ledger-store.ts';
import { type KnownAs, knownAs } from './known-as.ts';
import type { Ledger } from './ledger.ts';
import { originOf, type ReadMessage } from './read-message.ts';

/** The conversion a message belongs to; or why it belongs to none now. */
export type Placement =
  | { readonly conversion: CanonicalConversion; readonly key: string; readonly stored: StoredConversion }
  | Exclude<KnownAs, { conversion: CanonicalConversion }>;

/**
 * Finds the conversion of a message: by the names the ledger knows it under, then by who owns its order.
 * @throws ConditionFailedError where others changed the owner meanwhile: begin anew
 */
export async function placementOf(told: CanonicalConversion, read: ReadMessage, ledger: Ledger): Promise<Placement> {
  const { source, message } = read;
  const known = await knownAs(told, source, ledger);
  if (!('conversion' in known)) return known;
  const { conversion } = known;
  const own = conversionKey(conversion) ?? '';
  const order = orderKey(source, conversion);
  if (order === null) return { conversion, key: own, stored: await ledger.store.load(own) };
  const claimant = { isPixel: message.pixel === true, from: originOf(read) };
  const verdict = await ledger.claims.decide(order, conversion, own, claimant);
  if ('duplicate_of' in verdict) {
    await remember(conversion, verdict, ledger);
    return verdict;
  }
  const { key, turn, stored } = verdict;
  if (key !== own) await remember(conversion, { txn_id: subjectIn(key, conversion) }, ledger);
  if (turn !== null && stored.fence === turn) {
    await ledger.claims.reassert(order, turn);
    throw new ConditionFailedError('the claim was being taken over');
  }
  return { conversion, key, stored };
}

/** A report that names an order and a transaction: what takes it back may name the transaction alone. */
async function remember(
  { source_id, entry, txn_id, order_id }: CanonicalConversion,
  named: Named,
  { aliases }: Ledger,
) {
  if (entry === 'sale' && txn_id !== null && txn_id !== order_id) await aliases.put(source_id, txn_id, named);
}

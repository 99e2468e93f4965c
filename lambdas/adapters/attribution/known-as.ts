import { conversionKey } from '../../core/ledger/keys.ts';
import type { CanonicalConversion } from '../../core/postback/conversion.ts';
import { hasSale } from '../ledger-store.ts';
import type { Ledger } from './ledger.ts';

/**
 * A message that does not say whether it is about a sale or a rebill, or calls a transaction by another of its names, as the ledger knows
 * its conversion; as it is where nobody knows one. What takes back waits then, and is asked for again by the sweep.
 */
export async function asKnown(conversion: CanonicalConversion, ledger: Ledger): Promise<CanonicalConversion> {
  if (!conversion.is_event_open) return conversion;
  const found = await firstKnown(conversion, ledger);
  if (found || conversion.txn_id === null) return found ?? conversion;
  const txn_id = await ledger.aliases.get(conversion.source_id, conversion.txn_id);
  return (txn_id && (await firstKnown({ ...conversion, txn_id }, ledger))) || conversion;
}

/** A rebill comes after its sale, so of the two under one name it is the later. */
async function firstKnown(conversion: CanonicalConversion, { store }: Ledger): Promise<CanonicalConversion | null> {
  const events = ['rebill', 'sale'] as const;
  const candidates = events.map((event) => ({ ...conversion, event, is_event_open: false }));
  const stored = await Promise.all(candidates.map((one) => store.load(conversionKey(one) ?? '')));
  return candidates.find((_, at) => stored[at] && hasSale(stored[at])) ?? null;
}

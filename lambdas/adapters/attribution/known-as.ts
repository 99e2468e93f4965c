import type { Source } from '../../core/entities/source.ts';
import { conversionKey, orderKey } from '../../core/ledger/keys.ts';
import type { CanonicalConversion } from '../../core/postback/conversion.ts';
import { hasSale, type StoredConversion } from '../ledger-store.ts';
import type { Ledger } from './ledger.ts';

/** A message under the names by which the ledger knows what it is about. */
export type KnownAs =
  | { readonly conversion: CanonicalConversion }
  /** It is about an order that counts for another source. */
  | { readonly duplicate_of: string }
  /** What it rejects has not been reported: to be asked for again. */
  | { readonly awaits: 'sale' };

/** A payment is a name of its invoice, an invoice may be one of another source's conversion: no chain is longer. */
const HOPS = 2;

/**
 * Finds what a message is about that does not say which event it means, or calls its transaction by another of its names. Where nothing
 * is known, what gives money back waits under its own key; a mere rejection waits without one, for it would make a conversion of itself.
 */
export async function knownAs(told: CanonicalConversion, source: Source, ledger: Ledger): Promise<KnownAs> {
  if (told.may_be.length === 0) return { conversion: told };
  let named = told;
  for (let hop = 0; ; hop++) {
    const found = await firstKnown(named, source, ledger);
    if (found) return { conversion: found };
    const alias = hop === HOPS || named.txn_id === null ? null : await ledger.aliases.get(source.id, named.txn_id);
    if (alias && 'duplicate_of' in alias) return alias;
    if (!alias) return told.entry === 'sale' ? { awaits: 'sale' } : { conversion: told };
    named = { ...named, txn_id: alias.txn_id };
  }
}

async function firstKnown(conversion: CanonicalConversion, source: Source, ledger: Ledger) {
  const candidates = conversion.may_be.map((event): CanonicalConversion => ({ ...conversion, event, may_be: [] }));
  const reports = await Promise.all(candidates.map((one) => reportOf(one, source, ledger)));
  const known = candidates.filter((_, at) => reports[at]);
  const said = conversion.revised_at ?? conversion.received_at;
  const isEarlier = (one: CanonicalConversion) => firstSaid(reports[candidates.indexOf(one)]) <= said;
  // a refund may be told before its sale; a rejection is about what was reported before it, unless its transaction leaves no choice
  if (conversion.entry !== 'sale') return known[0];
  return known.find(isEarlier) ?? (conversion.txn_id === null ? undefined : known[0]);
}

/** The conversion a message would go to, where it was reported: under its own key, or as owner of its order. */
async function reportOf(conversion: CanonicalConversion, source: Source, { store, claims }: Ledger) {
  const order = orderKey(source, conversion);
  const [own, owner] = await Promise.all([
    store.load(conversionKey(conversion) ?? ''),
    order === null ? null : claims.owner(order),
  ]);
  return [own, owner].find((one) => one && hasSale(one)) ?? null;
}

const firstSaid = (stored: StoredConversion | null | undefined) =>
  Math.min(...(stored?.record?.state.facts ?? []).flatMap(({ type, since }) => (type === 'sale' ? [since[0]] : [])));

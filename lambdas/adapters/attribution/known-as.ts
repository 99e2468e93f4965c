import type { Source } from '../../core/entities/source.ts';
import { conversionKey, orderKey } from '../../core/ledger/keys.ts';
import { isOneOfMany } from '../../core/ledger/order.ts';
import type { CanonicalConversion } from '../../core/postback/conversion.ts';
import type { Named } from '../alias-store.ts';
import { counts, hasSale } from '../ledger-store.ts';
import { type Candidate, chosen, type Foreign, isForeign, type Keyed } from './candidates.ts';
import type { Ledger } from './ledger.ts';

/** A message under the names by which the ledger knows what it is about. */
export type KnownAs =
  /** It is what the message names, or what has its order. */
  | Candidate
  /** Nothing is known: it waits under its own key. */
  | Keyed
  /** It counts as another conversion. */
  | { readonly duplicate_of: string }
  /** What it rejects has not been reported: to be asked for again. */
  | { readonly awaits: 'sale' };

/** A payment is a name of its invoice, an invoice may be one of another source's conversion: no chain is longer. */
const HOPS = 2;

/**
 * Finds what a message is about that does not say which event it means, or calls its transaction by another of its names: what its
 * transaction names exactly, then what has its order. Where nothing is known, what gives money back waits under its own key; a mere
 * rejection waits without one, for it would make a conversion of itself.
 */
export async function knownAs(told: CanonicalConversion, source: Source, ledger: Ledger): Promise<KnownAs> {
  const events = told.may_be.map((event): CanonicalConversion => ({ ...told, event }));
  const named = await Promise.all(events.map((event) => namedBy(event, source, ledger)));
  const exact = told.txn_id === null ? null : chosen(named.flat());
  if (exact) return asKnown(exact);
  const owned = await Promise.all(events.map((event) => ownerOf(event, source, ledger)));
  const known = chosen(events.flatMap((_, at) => [...(named[at] ?? []), ...(owned[at] ?? [])]));
  if (known) return asKnown(known);
  return told.entry === 'sale' ? { awaits: 'sale' } : { conversion: told, key: conversionKey(told) };
}

const asKnown = (one: Candidate | Foreign): KnownAs => (isForeign(one) ? { duplicate_of: one.duplicate_of } : one);

/** By its transaction (else order, else click), or whatever else the source calls that. */
async function namedBy(
  conversion: CanonicalConversion,
  source: Source,
  { store, aliases }: Ledger,
): Promise<readonly (Candidate | Foreign)[]> {
  for (let hop = 0, txn_id = conversion.txn_id; ; hop++) {
    const key = conversionKey({ ...conversion, txn_id });
    const stored = await store.load(key);
    if (hasSale(stored)) return [await asCounted({ conversion, key, stored }, source, { store })];
    const alias: Named | null =
      hop === HOPS || txn_id === null ? null : await aliases.of(source.id, txn_id, conversion.event);
    if (!alias) return [];
    if ('duplicate_of' in alias) return [{ conversion, duplicate_of: alias.duplicate_of }];
    txn_id = alias.txn_id;
  }
}

/** What counts in its place where it is a duplicate: another of the source's own conversions, or one that is another's affair. */
async function asCounted(
  { conversion, key, stored }: Candidate,
  { id }: Source,
  { store }: Pick<Ledger, 'store'>,
): Promise<Candidate | Foreign> {
  const duplicate_of = stored.record?.state.duplicate_of;
  if (duplicate_of === undefined) return { conversion, key, stored };
  const other = await store.byId(duplicate_of);
  const isOwn = other.record?.state.details.source_id === id && counts(other);
  return isOwn ? { conversion, key: other.record.state.key, stored: other } : { conversion, duplicate_of };
}

/** The owner of its order. A rebill with a transaction is one of its own; a rejection is of no other transaction than it names. */
async function ownerOf(
  conversion: CanonicalConversion,
  source: Source,
  { claims, store }: Ledger,
): Promise<readonly (Candidate | Foreign)[]> {
  const order = isOneOfMany(conversion) ? null : orderKey(source, conversion);
  const stored = order === null ? null : await claims.owner(order);
  const state = stored?.record?.state;
  if (!stored || !state) return [];
  if (state.details.source_id !== source.id) return [{ conversion, duplicate_of: state.conversion_id }];
  const { entry, txn_id } = conversion;
  const isOfAnother = entry === 'sale' && txn_id !== null && ![null, txn_id].includes(state.details.txn_id);
  return isOfAnother ? [] : [await asCounted({ conversion, key: state.key, stored }, source, { store })];
}

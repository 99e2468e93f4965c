import type { Source } from '../../core/entities/source.ts';
import { isZero } from '../../core/ledger/amounts.ts';
import { factOf, hasHeard } from '../../core/ledger/facts.ts';
import { conversionKey, orderKey } from '../../core/ledger/keys.ts';
import { isOneOfMany } from '../../core/ledger/order.ts';
import type { CanonicalConversion } from '../../core/postback/conversion.ts';
import { counts, hasSale, type StoredConversion } from '../ledger-store.ts';
import type { Ledger } from './ledger.ts';

/** A message, and the key it would count under. */
export interface Keyed {
  readonly conversion: CanonicalConversion;
  readonly key: string;
}

/** What a message may be about, and what is stored of that. */
export interface Candidate extends Keyed {
  readonly stored: StoredConversion;
}

/** A message under the names by which the ledger knows what it is about. */
export type KnownAs =
  /** It is what the message names. */
  | Candidate
  /** It is what has the message's order, or nothing is known. */
  | Keyed
  /** It counts as another conversion. */
  | { readonly duplicate_of: string }
  /** What it rejects has not been reported: to be asked for again. */
  | { readonly awaits: 'sale' };

/** A payment is a name of its invoice, an invoice may be one of another source's conversion: no chain is longer. */
const HOPS = 2;

/**
 * Finds what a message is about that does not say which event it means, or calls its transaction by another of its names: what it names
 * exactly before what has its order. Where nothing is known, what gives money back waits under its own key; a mere rejection waits
 * without one, for it would make a conversion of itself.
 */
export async function knownAs(told: CanonicalConversion, source: Source, ledger: Ledger): Promise<KnownAs> {
  const events = told.may_be.map((event): CanonicalConversion => ({ ...told, event }));
  const named = await knownByName(events, told.txn_id, source, ledger);
  if (named) return named;
  const owner = chosen(await ownersOf(events, source, ledger));
  if (owner) return { conversion: owner.conversion, key: owner.key };
  return told.entry === 'sale' ? { awaits: 'sale' } : { conversion: told, key: conversionKey(told) };
}

/** By its transaction (else order, else click), and by whatever else the source calls that. */
async function knownByName(
  events: readonly CanonicalConversion[],
  txnId: string | null,
  source: Source,
  ledger: Ledger,
): Promise<Candidate | { readonly duplicate_of: string } | null> {
  for (let hop = 0, txn_id = txnId; ; hop++) {
    const found = await Promise.all(
      events.map(async (conversion): Promise<Candidate> => {
        const key = conversionKey({ ...conversion, txn_id });
        return { conversion, key, stored: await ledger.store.load(key) };
      }),
    );
    const known = chosen(found);
    const isLikeliest = known !== undefined && (isHeard(known) || known.conversion.event === events[0]?.event);
    if (isLikeliest) return asCounted(known, source, ledger);
    const alias = hop === HOPS || txn_id === null ? null : await ledger.aliases.get(source.id, txn_id);
    if (alias && 'duplicate_of' in alias) return alias;
    if (known) return asCounted(known, source, ledger);
    if (!alias) return null;
    txn_id = alias.txn_id;
  }
}

/** What counts in its place where it is a duplicate: another of the source's own conversions, or one that is another's affair. */
async function asCounted({ conversion, key, stored }: Candidate, { id }: Source, { store }: Ledger) {
  const duplicate_of = stored.record?.state.duplicate_of;
  if (duplicate_of === undefined) return { conversion, key, stored };
  const other = await store.byId(duplicate_of);
  const isOwn = other.record?.state.details.source_id === id && counts(other);
  return isOwn ? { conversion, key: other.record.state.key, stored: other } : { duplicate_of };
}

/** Owners of its order. A rebill with a transaction is never what has the order, for each is one; nor does a rejection take another transaction. */
async function ownersOf(events: readonly CanonicalConversion[], source: Source, { claims }: Ledger) {
  const shared = events.filter((one) => !isOneOfMany(one));
  const found = await Promise.all(
    shared.map(async (conversion): Promise<Candidate | null> => {
      const order = orderKey(source, conversion);
      const stored = order === null ? null : await claims.owner(order);
      return stored && { conversion, key: conversionKey(conversion), stored };
    }),
  );
  return found.filter((one) => one !== null).filter(mayBeMeant);
}

function mayBeMeant({ conversion: { entry, txn_id, source_id }, stored }: Candidate): boolean {
  const details = stored.record?.state.details;
  if (!details || entry !== 'sale' || details.source_id !== source_id) return true;
  return txn_id === null || details.txn_id === null || details.txn_id === txn_id;
}

/**
 * Of several that are known: the one that heard it already, so that it counts once, whatever came meanwhile; else what was reported before
 * it; else the likeliest. A rejection is about what was reported before it, unless its transaction leaves no choice; money is taken back
 * from what is worth any.
 */
function chosen(candidates: readonly Candidate[]): Candidate | undefined {
  const known = candidates.filter(
    ({ conversion, stored }) => hasSale(stored) && (conversion.entry === 'sale' || isWorthMoney(stored)),
  );
  const isSure = ({ entry, txn_id }: CanonicalConversion) => entry !== 'sale' || txn_id !== null;
  return known.find(isHeard) ?? known.find(wasReportedBefore) ?? known.find(({ conversion }) => isSure(conversion));
}

const isWorthMoney = ({ record }: StoredConversion) =>
  record?.state.booked.some((booking) => booking.bucket === 'sale' && !isZero(booking)) ?? false;

const isHeard = ({ conversion, stored }: Candidate) => hasHeard(stored.record?.state.facts ?? [], factOf(conversion));

function wasReportedBefore({ conversion, stored }: Candidate): boolean {
  const { revised_at, received_at } = conversion;
  const reports = (stored.record?.state.facts ?? []).filter(({ type }) => type === 'sale');
  return Math.min(...reports.map(({ since }) => since[0])) <= (revised_at ?? received_at);
}

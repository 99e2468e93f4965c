import type { Source } from '../../core/entities/source.ts';
import { factOf, hasHeard } from '../../core/ledger/facts.ts';
import { conversionKey, orderKey } from '../../core/ledger/keys.ts';
import { isOneOfMany } from '../../core/ledger/order.ts';
import type { ConversionState } from '../../core/ledger/state.ts';
import type { CanonicalConversion } from '../../core/postback/conversion.ts';
import { counts, type StoredConversion } from '../ledger-store.ts';
import type { Ledger } from './ledger.ts';

/** A message under the names by which the ledger knows what it is about. */
export type KnownAs =
  | { readonly conversion: CanonicalConversion; readonly key: string }
  /** It is about what counts as another conversion. */
  | { readonly duplicate_of: string }
  /** What it rejects has not been reported: to be asked for again. */
  | { readonly awaits: 'sale' };

/** What a message may be about, and what is stored of that. */
interface Candidate {
  readonly conversion: CanonicalConversion;
  readonly key: string;
  readonly stored: StoredConversion;
}

/** A payment is a name of its invoice, an invoice may be one of another source's conversion: no chain is longer. */
const HOPS = 2;

/**
 * Finds what a message is about that does not say which event it means, or calls its transaction by another of its names: what it names
 * exactly before what shares its order. Where nothing is known, what gives money back waits under its own key; a mere rejection waits
 * without one, for it would make a conversion of itself.
 */
export async function knownAs(told: CanonicalConversion, source: Source, ledger: Ledger): Promise<KnownAs> {
  const events = told.may_be.map((event): CanonicalConversion => ({ ...told, event, may_be: [] }));
  const named = await knownByName(events, told.txn_id, source, ledger);
  if (named) return named;
  const owner = chosen(await ownersOf(events, source, ledger));
  if (owner) return owner;
  return told.entry === 'sale' ? { awaits: 'sale' } : { conversion: told, key: conversionKey(told) ?? '' };
}

/** By its transaction (else order, else click), and by whatever else the source calls that. */
async function knownByName(
  events: readonly CanonicalConversion[],
  txnId: string | null,
  source: Source,
  { store, aliases }: Ledger,
): Promise<KnownAs | null> {
  let given: string | undefined;
  for (let hop = 0, txn_id = txnId; ; hop++) {
    const found = await Promise.all(
      events.map(async (conversion): Promise<Candidate> => {
        const key = conversionKey({ ...conversion, txn_id }) ?? '';
        return { conversion, key, stored: await store.load(key) };
      }),
    );
    const known = chosen(found);
    if (known) return known;
    given ??= found.flatMap(({ stored }) => stored.record?.state.duplicate_of ?? [])[0];
    const alias = hop === HOPS || txn_id === null ? null : await aliases.get(source.id, txn_id);
    if (alias && 'duplicate_of' in alias) return alias;
    if (!alias) return given === undefined ? null : { duplicate_of: given };
    txn_id = alias.txn_id;
  }
}

/** Owners of its order: of a rebill with a transaction nobody else may be meant, nor of a rejection, which changes what it names. */
async function ownersOf(events: readonly CanonicalConversion[], source: Source, { claims }: Ledger) {
  const shared = events.filter((one) => !isOneOfMany(one));
  const found = await Promise.all(
    shared.map(async (conversion): Promise<Candidate | null> => {
      const order = orderKey(source, conversion);
      const stored = order === null ? null : await claims.owner(order);
      return stored && { conversion, key: conversionKey(conversion) ?? '', stored };
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
 * it; else the likeliest. A rejection is about what was reported before it, unless its transaction leaves no choice.
 */
function chosen(candidates: readonly Candidate[]): Candidate | undefined {
  const known = candidates.filter(({ stored }) => counts(stored));
  const isSure = ({ entry, txn_id }: CanonicalConversion) => entry !== 'sale' || txn_id !== null;
  return known.find(hasHeardOf) ?? known.find(isLater) ?? known.find(({ conversion }) => isSure(conversion));
}

const stateOf = ({ stored }: Candidate): ConversionState | undefined => stored.record?.state;
const hasHeardOf = (one: Candidate) => hasHeard(stateOf(one)?.facts ?? [], factOf(one.conversion));

function isLater(one: Candidate): boolean {
  const { revised_at, received_at } = one.conversion;
  const reports = (stateOf(one)?.facts ?? []).filter(({ type }) => type === 'sale');
  return Math.min(...reports.map(({ since }) => since[0])) <= (revised_at ?? received_at);
}

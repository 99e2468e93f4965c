import type { Source } from '../../core/entities/source.ts';
import { withdrawn } from '../../core/ledger/apply.ts';
import { conversionIdOf, conversionKey, dedupeGroupOf, orderKey, subjectIn } from '../../core/ledger/keys.ts';
import type { EntryOrigin } from '../../core/ledger/record.ts';
import type { Fact } from '../../core/ledger/state.ts';
import { voided } from '../../core/ledger/voided.ts';
import type { CanonicalConversion } from '../../core/postback/conversion.ts';
import type { Named } from '../alias-store.ts';
import { ConditionFailedError } from '../dynamo-table.ts';
import { counts, type StoredConversion } from '../ledger-store.ts';
import { type KnownAs, knownAs } from './known-as.ts';
import type { Ledger } from './ledger.ts';
import { originOf, type ReadMessage } from './read-message.ts';

interface Known {
  readonly conversion: CanonicalConversion;
  readonly key: string;
}
type Nowhere = Exclude<KnownAs, { readonly conversion: CanonicalConversion }>;

/** The conversion a message belongs to; or why it belongs to none now. */
export type Placement = Placed | Nowhere;

interface Placed extends Known {
  readonly stored: StoredConversion;
  /** What was said under another name of it. */
  readonly inherited: readonly Fact[];
}

/**
 * Finds the conversion of a message: by the names the ledger knows it under, then by who owns its order.
 * @throws ConditionFailedError where others changed the owner meanwhile: begin anew
 */
export async function placementOf(told: CanonicalConversion, read: ReadMessage, ledger: Ledger): Promise<Placement> {
  const own = conversionKey(told) ?? '';
  const known = told.may_be.length === 0 ? { conversion: told, key: own } : await knownAs(told, read.source, ledger);
  if (!('conversion' in known)) return known;
  const order = orderKey(read.source, known.conversion);
  const placement =
    order === null ? await byName(known, read.source, ledger) : await byOrder(known, order, originOf(read), ledger);
  if ('stored' in placement && placement.key !== own) await stopWaiting(told, own, ledger);
  return placement;
}

/** Under its own name; where nothing counts there, under the one that a report of both names counts under. */
async function byName({ conversion, key }: Known, source: Source, { store, aliases }: Ledger): Promise<Placement> {
  const stored = await store.load(key);
  // read after the conversion: whoever tells the name writes the conversion after that, so that this one begins anew
  const named = counts(stored) || dedupeGroupOf(source) === null ? null : await aliases.ofReports(conversion);
  if (named && 'duplicate_of' in named) return named;
  if (!named) return unlessDuplicate({ conversion, key, stored });
  const other = conversionKey({ ...conversion, txn_id: named.txn_id }) ?? '';
  return unlessDuplicate({ conversion, key: other, stored: await store.load(other) });
}

/** Under the key that has its order. */
async function byOrder(known: Known, order: string, from: EntryOrigin, ledger: Ledger): Promise<Placement> {
  const { conversion, key: own } = known;
  const verdict = await ledger.claims.decide(order, conversion, own, from);
  if ('duplicate_of' in verdict) {
    await giveWay(known, verdict, verdict.duplicate_of, from, ledger);
    return verdict;
  }
  const { key, turn, stored } = verdict;
  const named = { txn_id: subjectIn(key, conversion) };
  const inherited = key === own ? [] : await giveWay(known, named, conversionIdOf(key), from, ledger);
  if (turn === null) return unlessDuplicate({ conversion, key, stored });
  if (stored.fence !== turn) return { conversion, key, stored, inherited };
  await ledger.claims.reassert(order, turn);
  throw new ConditionFailedError('the claim was being taken over');
}

function unlessDuplicate(placement: Omit<Placed, 'inherited'>): Placement {
  const duplicate_of = placement.stored.record?.state.duplicate_of;
  return duplicate_of === undefined ? { ...placement, inherited: [] } : { duplicate_of };
}

/**
 * A report that names an order and a transaction, and counts under the order or for another source: what names the transaction alone is
 * about the same from now on, and what was counted under it counts no more.
 * @returns what was said under the transaction alone: it stays there, so whoever dies before it is entered finds it again
 */
async function giveWay(
  { conversion, key }: Known,
  named: Named,
  duplicateOf: string,
  from: EntryOrigin,
  { store, aliases }: Ledger,
): Promise<readonly Fact[]> {
  const { entry, txn_id, order_id, by_pixel } = conversion;
  if (entry !== 'sale' || by_pixel || txn_id === null || txn_id === order_id) return [];
  await aliases.putReport(conversion, named);
  const stored = await store.load(key);
  if (counts(stored)) await store.save(voided(stored.record, from, duplicateOf), stored);
  else await store.touch(stored);
  return stored.record?.state.facts ?? [];
}

/** What waited under the name it came with, and is about another conversion. */
async function stopWaiting(told: CanonicalConversion, key: string, { store }: Ledger): Promise<void> {
  if (told.entry === 'sale') return;
  const stored = await store.load(key);
  const state = stored.record && withdrawn(stored.record.state, told);
  if (stored.record && state && state !== stored.record.state) await store.save({ ...stored.record, state }, stored);
}

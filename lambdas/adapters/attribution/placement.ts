import { withdrawn } from '../../core/ledger/apply.ts';
import { factOf, hasHeard } from '../../core/ledger/facts.ts';
import { conversionKey, dedupeGroupOf, orderKey } from '../../core/ledger/keys.ts';
import type { CanonicalConversion } from '../../core/postback/conversion.ts';
import { ConditionFailedError } from '../dynamo-table.ts';
import { counts } from '../ledger-store.ts';
import type { Candidate, Keyed } from './candidates.ts';
import { deliver } from './emit.ts';
import { giveWay, type Inheritance, NOTHING_INHERITED } from './give-way.ts';
import { type KnownAs, knownAs } from './known-as.ts';
import type { Ledger } from './ledger.ts';
import { originOf, type ReadMessage } from './read-message.ts';

/** The conversion a message belongs to; or why it belongs to none now. */
export type Placement = Placed | Exclude<KnownAs, Keyed>;

interface Placed extends Candidate {
  /** What was said under another name of it. */
  readonly inherited: Inheritance;
}

/**
 * Finds the conversion of a message: by the names the ledger knows it under, then by who owns its order.
 * @throws ConditionFailedError where others changed the owner meanwhile: begin anew
 */
export async function placementOf(told: CanonicalConversion, read: ReadMessage, ledger: Ledger): Promise<Placement> {
  const own = conversionKey(told);
  const known = told.may_be.length === 0 ? { conversion: told, key: own } : await knownAs(told, read.source, ledger);
  const placement = 'key' in known && !('stored' in known) ? await byKey(known, read, ledger) : asPlaced(known);
  if ('stored' in placement && placement.key !== own) await stopWaiting(told, own, ledger);
  return placement;
}

async function byKey(known: Keyed, read: ReadMessage, ledger: Ledger): Promise<Placement> {
  const order = orderKey(read.source, known.conversion);
  return order === null ? byName(known, read, ledger) : byOrder(known, order, read, ledger);
}

/** Under its own name; where nothing counts there, by the order that a report of both names told. */
async function byName({ conversion, key }: Keyed, read: ReadMessage, ledger: Ledger): Promise<Placement> {
  const stored = await ledger.store.load(key);
  // read after the conversion: whoever tells the order writes the conversion after that, so that this one begins anew
  const { source_id, event, txn_id } = conversion;
  const isSettled = counts(stored) || txn_id === null || dedupeGroupOf(read.source) === null;
  const told = isSettled ? null : await ledger.aliases.orderOf({ source_id, event, txn_id });
  if (told === null) return asPlaced({ conversion, key, stored });
  return byKey({ conversion: { ...conversion, order_id: told.order_id }, key }, read, ledger);
}

/** Under the key that has its order; but what takes back under the very transaction it names, where that counts. */
async function byOrder(keyed: Keyed, order: string, read: ReadMessage, ledger: Ledger): Promise<Placement> {
  const { conversion, key: own } = keyed;
  if (conversion.entry !== 'sale') {
    const stored = await ledger.store.load(own);
    if (counts(stored)) return asPlaced({ conversion, key: own, stored });
  }
  const from = originOf(read);
  const verdict = await ledger.claims.decide(order, conversion, own, from);
  if (verdict.barred) await deliver([verdict.barred], ledger);
  const inherited = await giveWay(keyed, verdict, from, ledger);
  if ('duplicate_of' in verdict) return { duplicate_of: verdict.duplicate_of };
  const { key, turn, stored } = verdict;
  if (turn === null) return asPlaced({ conversion, key, stored });
  if (stored.fence !== turn) return { conversion, key, stored, inherited };
  await ledger.claims.reassert(order, turn);
  throw new ConditionFailedError('the claim was being taken over');
}

/** What is known, unless it counts as another. */
function asPlaced(known: Candidate | Exclude<KnownAs, Keyed>): Placement {
  if (!('stored' in known)) return known;
  const duplicate_of = known.stored.record?.state.duplicate_of;
  return duplicate_of === undefined ? { ...known, inherited: NOTHING_INHERITED } : { duplicate_of };
}

/** What waited under the name it came with, and is about another conversion. */
async function stopWaiting(told: CanonicalConversion, key: string, { store }: Ledger): Promise<void> {
  if (told.entry === 'sale') return;
  const stored = await store.load(key);
  // its sale came while this was looked for elsewhere, and took it
  if (counts(stored) && hasHeard(stored.record.state.facts, factOf(told)))
    throw new ConditionFailedError('it no longer waits');
  const state = stored.record && withdrawn(stored.record.state, told);
  if (stored.record && state && state !== stored.record.state) await store.save({ ...stored.record, state }, stored);
}

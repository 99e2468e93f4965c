import { isZero } from '../../core/ledger/amounts.ts';
import { factOf, hasHeard } from '../../core/ledger/facts.ts';
import type { CanonicalConversion } from '../../core/postback/conversion.ts';
import { hasSale, type StoredConversion } from '../ledger-store.ts';

/** A message, and the key it would count under. */
export interface Keyed {
  readonly conversion: CanonicalConversion;
  readonly key: string;
}

/** What a message may be about, and what is stored of that. */
export interface Candidate extends Keyed {
  readonly stored: StoredConversion;
}

/** What a message may be about, and counts for another source. */
export interface Foreign {
  readonly conversion: CanonicalConversion;
  readonly duplicate_of: string;
}

/** Whether it counts for another source. */
export const isForeign = (one: Candidate | Foreign): one is Foreign => !('stored' in one);

/**
 * Of several that are known: the one that heard it already, so that it counts once, whatever came meanwhile; else what was reported before
 * it; else the likeliest. A rejection is about what was reported before it, unless its transaction leaves no choice; money is taken back
 * from what is worth any.
 */
export function chosen(candidates: readonly (Candidate | Foreign)[]): Candidate | Foreign | undefined {
  const known = candidates.filter((one) => isForeign(one) || hasSale(one.stored));
  const fit = known.filter((one) => isForeign(one) || one.conversion.entry === 'sale' || isWorthMoney(one.stored));
  const isSure = ({ entry, txn_id }: CanonicalConversion) => entry !== 'sale' || txn_id !== null;
  return known.find(isHeard) ?? fit.find(wasReportedBefore) ?? fit.find(({ conversion }) => isSure(conversion));
}

const isWorthMoney = ({ record }: StoredConversion) =>
  record?.state.booked.some((booking) => booking.bucket === 'sale' && !isZero(booking)) ?? false;

const isHeard = (one: Candidate | Foreign) =>
  !isForeign(one) && hasHeard(one.stored.record?.state.facts ?? [], factOf(one.conversion));

function wasReportedBefore(one: Candidate | Foreign): boolean {
  if (isForeign(one)) return true;
  const { revised_at, received_at } = one.conversion;
  const reports = (one.stored.record?.state.facts ?? []).filter(({ type }) => type === 'sale');
  return Math.min(...reports.map(({ since }) => since[0])) <= (revised_at ?? received_at);
}

import { difference, NOTHING } from './amounts.ts';
import { targetsOf } from './apply.ts';
import { bookingsOf, draftsOf, numbered, type Target } from './entries.ts';
import type { ConversionRecord, EntryOrigin } from './record.ts';
import type { Amounts, ConversionState } from './state.ts';

/** What a conversion turned out to be a duplicate of, and who said so. */
export interface Voiding {
  readonly duplicate_of: string;
  readonly from: EntryOrigin;
  /** When that was said, epoch milliseconds. */
  readonly at: number;
}

/**
 * The record of a conversion that turned out to be a duplicate of another: rejected, whatever it said, and worth nothing. The facts
 * stay, so it counts again if it gets its order back.
 */
export function voided(record: ConversionRecord, { duplicate_of, from, at }: Voiding): ConversionRecord {
  const { state } = record;
  const targets = targetsOf(state, state.facts).map((target) => rejected(target, at));
  const entries = numbered(state, draftsOf(state, targets, at), at).map((entry) => ({ ...entry, ...from }));
  const after: ConversionState = {
    ...state,
    duplicate_of,
    booked: bookingsOf(state, targets),
    statuses: Object.fromEntries(targets.map(({ conversion_id, status }) => [conversion_id, status])),
    entry_count: state.entry_count + entries.length,
  };
  const pending = [...record.pending, ...entries.map(({ entry_id }) => entry_id)];
  return { ...record, state: after, entries: [...record.entries, ...entries], pending };
}

function rejected(target: Target, at: number): Target {
  const kept = target.buckets.filter(({ bucket }) => bucket !== 'status');
  const currency = kept[0]?.currency ?? null;
  const rest = kept.reduce<Amounts>((left, bucket) => difference(left, bucket), { ...NOTHING, currency });
  return { ...target, status: 'rejected', buckets: [...kept, { ...rest, bucket: 'status', at }] };
}

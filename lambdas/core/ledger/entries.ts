import { exponentOf } from '../money.ts';
import { difference, isZero, NOTHING, negated } from './amounts.ts';
import type { Part } from './project.ts';
import type { Amounts, Booking, ConversionState, LedgerEntry } from './state.ts';
import type { Bucket } from './take-back.ts';

/** Where a conversion of the state stands after a message. */
export interface Target extends Part {
  readonly conversion_id: string;
}

type Draft = Pick<LedgerEntry, 'conversion_id' | 'entry' | 'status' | 'occurred_at' | 'refund_id'> & {
  amounts: Amounts;
};

/** Entries that lead from what is booked to the targets: their sum is exactly the difference, bucket by bucket. */
export function draftsOf(state: ConversionState, targets: readonly Target[], now: number): Draft[] {
  const gone = Object.keys(state.statuses)
    .filter((id) => !targets.some(({ conversion_id }) => conversion_id === id))
    .map((conversion_id): Target => ({ conversion_id, name: '', status: 'rejected', converted_at: now, buckets: [] }));
  return [...targets, ...gone].flatMap((target) => draftsOfTarget(state, target, now));
}

function draftsOfTarget(state: ConversionState, target: Target, now: number): Draft[] {
  const booked = state.booked.filter(({ conversion_id }) => conversion_id === target.conversion_id);
  const vanished = booked
    .filter(({ bucket }) => !target.buckets.some((one) => one.bucket === bucket))
    .map(({ bucket, currency }): Bucket => ({ ...NOTHING, currency, bucket, at: now }));
  const before = state.statuses[target.conversion_id];
  const drafts = [...target.buckets, ...vanished].flatMap((bucket) =>
    draftsOfBucket(
      target,
      bucket,
      booked.find((one) => one.bucket === bucket.bucket),
      now,
    ),
  );
  const saysSo = before === undefined || before === target.status || drafts.some(({ entry }) => entry === 'status');
  const at = target.buckets.find(({ bucket }) => bucket === 'status')?.at ?? now;
  return saysSo ? drafts : [...drafts, { ...label(target, 'status', at, null), amounts: noneOf(target) }];
}

const noneOf = ({ buckets }: Target): Amounts => ({ ...NOTHING, currency: buckets[0]?.currency ?? null });

const label = (
  { conversion_id, status }: Target,
  entry: LedgerEntry['entry'],
  occurred_at: number,
  refund_id: string | null,
) => ({ conversion_id, status, entry, occurred_at, refund_id });

/** One entry with the difference; where the currency changed, the old amount out and the new one in. */
function draftsOfBucket(target: Target, to: Bucket, from: Booking | undefined, now: number): Draft[] {
  const [kind = '', ...rest] = to.bucket.split(':');
  const isNew = from === undefined;
  const entry = entryOf(kind, isNew);
  const at = isNew || kind === 'status' ? to.at : now;
  const draft = (amounts: Amounts): Draft => ({
    ...label(target, entry, at, rest.length > 0 ? rest.join(':') : null),
    amounts,
  });
  const old = from ?? { ...NOTHING, currency: to.currency };
  if (old.currency !== to.currency && !isZero(old)) return [draft(negated(old)), draft(difference(to, NOTHING))];
  const change = difference(to, old);
  return isZero(change) && !(isNew && kind === 'sale') ? [] : [draft(change)];
}

function entryOf(kind: string, isNew: boolean): LedgerEntry['entry'] {
  if (kind === 'status') return 'status';
  if (!isNew) return 'correction';
  return kind === 'sale' ? 'sale' : kind.startsWith('chargeback') ? 'chargeback' : 'refund';
}

/** Drafts as entries with their numbers. */
export function numbered(state: ConversionState, drafts: readonly Draft[], receivedAt: number): LedgerEntry[] {
  const ofNetwork = (amount: number) => (state.details.source_kind === 'network' || amount !== 0 ? amount : null);
  return drafts.map(({ amounts, ...draft }, index) => ({
    ...state.details,
    ...draft,
    entry_id: `${draft.conversion_id}-${state.entry_count + index + 1}`,
    converted_at: state.converted_at[draft.conversion_id] ?? draft.occurred_at,
    received_at: receivedAt,
    revenue_minor: amounts.revenue,
    payout_minor: ofNetwork(amounts.payout),
    sale_value_minor: ofNetwork(amounts.sale_value),
    currency: amounts.currency,
    exponent: amounts.currency === null ? null : (exponentOf(amounts.currency) ?? null),
  }));
}

/** When each conversion happened; one that is gone keeps its time. */
export function timesOf(state: ConversionState, targets: readonly Target[]): Record<string, number> {
  const now = targets.map(({ conversion_id, converted_at }) => [conversion_id, converted_at] as const);
  return { ...state.converted_at, ...Object.fromEntries(now) };
}

/** What is booked once the entries are made. Buckets that never held anything are not kept. */
export function bookingsOf(state: ConversionState, targets: readonly Target[]): Booking[] {
  return targets.flatMap(({ conversion_id, buckets }) =>
    buckets
      .filter(
        (bucket) =>
          bucket.bucket === 'sale' ||
          !isZero(bucket) ||
          state.booked.some((one) => one.conversion_id === conversion_id && one.bucket === bucket.bucket),
      )
      .map(({ at: _at, ...amounts }) => ({ ...amounts, conversion_id })),
  );
}

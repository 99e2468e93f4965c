import type { CanonicalConversion } from '../postback/conversion.ts';
import type { ReasonCode } from '../postback/reasons.ts';
import { isZero } from './amounts.ts';
import { bookingsOf, draftsOf, numbered, type Target, timesOf } from './entries.ts';
import { bucketOf, factOf, isUnproved, shortHash, withFact } from './facts.ts';
import { conversionIdOf } from './keys.ts';
import { type Judgement, judge, judgeRepeat } from './outcome.ts';
import { project } from './project.ts';
import type { ConversionState, Details, DuplicatesPolicy, Fact, LedgerEntry } from './state.ts';

/** What a message does to the state of its key. */
export interface Transition {
  readonly state: ConversionState;
  /** Entries this message adds; they also stand in `state.pending`. */
  readonly entries: readonly LedgerEntry[];
  readonly outcome: Judgement['outcome'];
  /** Why, where there is more to say than that it was counted. */
  readonly reason: ReasonCode | null;
  /** Whether the state has to be written. */
  readonly changed: boolean;
}

/** A conversion with more different reports than this is a loop or a wrong id; the item must also stay far below 400 KB. */
const MAX_FACTS = 300;

/** Whether another fact beside these is too much. */
export const isFull = (facts: readonly Fact[]): boolean => facts.length >= MAX_FACTS;

/**
 * Applies one message to the state of its key (null where there is none yet). Pure: the same arguments give the same entries with the
 * same ids, so a worker that dies before its write loses nothing, and one that dies after it finds the entries in `pending`. A conversion
 * that counted as nothing, as another's duplicate, counts again: nobody applies messages to one that still is.
 * @param inherited what was said of it under another key
 */
export function apply(
  stored: ConversionState | null,
  key: string,
  conversion: CanonicalConversion,
  policy: DuplicatesPolicy,
  inherited: readonly Fact[] = [],
): Transition {
  const { duplicate_of, ...before } = stored ?? blank(key, conversion, policy);
  const isBack = duplicate_of !== undefined;
  const fact = factOf(conversion);
  const facts = [fact, ...inherited].reduce(withFact, before.facts);
  const unchanged = { state: stored ?? before, entries: [], changed: false } as const;
  if (facts === before.facts && !isBack) return { ...unchanged, ...judgeRepeat(before, fact) };
  if (facts.length > MAX_FACTS) return { ...unchanged, outcome: 'quarantined', reason: 'too_many_changes' };
  const targets = targetsOf(before, facts);
  const known = {
    ...before,
    facts,
    details: isUnproved(before.facts) ? restated(before.details, conversion) : completed(before.details, conversion),
    converted_at: timesOf(before, targets),
  };
  const entries = numbered(known, draftsOf(before, targets, fact.until[0]), conversion.received_at);
  const judgement = judge({ before, fact, targets, entries });
  if (judgement.outcome === 'quarantined') return { ...unchanged, ...judgement };
  return { state: advanced(known, targets, entries), entries, changed: true, ...judgement };
}

/** Where the conversions of a key stand by these facts. */
export function targetsOf({ conversion_id: id, duplicates }: ConversionState, facts: readonly Fact[]): Target[] {
  return project(facts, duplicates).map((part) => ({
    ...part,
    conversion_id: part.name === '' ? id : `${id}.${shortHash(part.name).slice(0, 8)}`,
  }));
}

function advanced(
  known: ConversionState,
  targets: readonly Target[],
  entries: readonly LedgerEntry[],
): ConversionState {
  return {
    ...known,
    booked: bookingsOf(known, targets),
    statuses: Object.fromEntries(targets.map(({ conversion_id, status }) => [conversion_id, status])),
    entry_count: known.entry_count + entries.length,
    pending: [...known.pending, ...entries],
  };
}

function blank(key: string, conversion: CanonicalConversion, duplicates: DuplicatesPolicy): ConversionState {
  return {
    key,
    conversion_id: conversionIdOf(key),
    duplicates,
    details: detailsOf(conversion),
    facts: [],
    booked: [],
    statuses: {},
    converted_at: {},
    entry_count: 0,
    pending: [],
  };
}

function detailsOf(conversion: CanonicalConversion): Details {
  const { source_id, kind, event, click_id, promo_code, product, quantity } = conversion;
  // what takes back may bear a number of its own
  const { txn_id, order_id } = conversion.entry === 'sale' ? conversion : { txn_id: null, order_id: null };
  return { source_id, source_kind: kind, event, txn_id, order_id, click_id, promo_code, product, quantity };
}

/** What a picture said of it is outdone by whoever proves himself, or says more. */
const restated = (details: Details, conversion: CanonicalConversion): Details => ({
  ...details,
  ...Object.fromEntries(Object.entries(detailsOf(conversion)).filter(([, value]) => value !== null)),
});

/** Values a later message knows and the earlier ones did not. */
function completed(details: Details, conversion: CanonicalConversion): Details {
  const known = Object.entries(details).filter(([, value]) => value !== null);
  return { ...detailsOf(conversion), ...Object.fromEntries(known) };
}

/** The state once these entries are known to be in the lake; the very same object where none of them was pending. */
export function emitted(state: ConversionState, entryIds: ReadonlySet<string>): ConversionState {
  const pending = state.pending.filter(({ entry_id }) => !entryIds.has(entry_id));
  return pending.length === state.pending.length ? state : { ...state, pending };
}

/** Whether only refunds or chargebacks have come so far. */
export const isAwaitingSale = (state: ConversionState): boolean => Object.keys(state.statuses).length === 0;

/** The state without what a message takes back, while that waits for a sale; the very same object where it does not. */
export function withdrawn(state: ConversionState, conversion: CanonicalConversion): ConversionState {
  const bucket = bucketOf(factOf(conversion));
  const facts = state.facts.filter((one) => bucketOf(one) !== bucket);
  return isAwaitingSale(state) && facts.length < state.facts.length ? { ...state, facts } : state;
}

/**
 * Whether what was received then takes back money in a currency in which nothing was sold. A refund that comes after its sale is
 * refused for that; one that came before could not be judged.
 */
export function takesForeignMoney(state: ConversionState, receivedAt: number): boolean {
  const { facts, booked } = state;
  if (isAwaitingSale(state)) return false;
  const sold = booked.filter(({ bucket }) => bucket === 'sale').map(({ currency }) => currency);
  return facts.some(
    ({ type, money, received_at }) =>
      type !== 'sale' &&
      received_at === receivedAt &&
      money !== null &&
      !isZero(money) &&
      !sold.some((currency) => currency === null || currency === money.currency),
  );
}

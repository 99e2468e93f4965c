import { hash } from 'node:crypto';
import type { CanonicalConversion, Money } from '../postback/conversion.ts';
import { STATUSES } from '../postback/parameters.ts';
import { isZero } from './amounts.ts';
import type { Amounts, Fact, Moment } from './state.ts';

/** First 20 hex digits of SHA-256: 80 bits tell more facts apart than a key ever holds. */
export const shortHash = (text: string): string => hash('sha256', text, 'hex').slice(0, 20);

/** Money as text: equal exactly where the amounts are. */
export const moneyKey = (money: Amounts | null): string =>
  money ? `${money.currency} ${money.revenue} ${money.payout} ${money.sale_value}` : '';

/** What a message says. A refund without an id is told by its amount: equal ones without an id are the same refund. */
export function factOf(conversion: CanonicalConversion): Fact {
  const { entry: type, status, cumulative, occurred_at, received_at, revised_at, place } = conversion;
  const money = moneyOf(conversion);
  const isOfKnown = type === 'sale' && conversion.may_be.length > 0;
  const print = shortHash(`${type} ${cumulative} ${status ?? ''} ${moneyKey(money)}${isOfKnown ? ' of known' : ''}`);
  const id = type === 'sale' ? '' : (conversion.refund_id ?? `~${print}`);
  const marks = {
    ...(conversion.by_pixel && { by_pixel: true as const }),
    ...(isOfKnown && { of_known: true as const }),
  };
  const fact = { type, id, print, status, money, cumulative, occurred_at, received_at, ...marks };
  const said: Moment = [revised_at ?? received_at, revised_at === null ? place : rankOf(fact), received_at];
  return { ...fact, since: said, until: said };
}

/** Many senders reject with an amount of 0: that says how it stands, not what it was worth. */
function moneyOf({ entry, status, money }: CanonicalConversion): Money | null {
  const isOff = status === 'rejected' || status === 'reversed';
  return entry === 'sale' && isOff && money !== null && isZero(money) ? null : money;
}

/** Where what a fact takes back is booked. A total may carry the id of a single refund, so it has a bucket of its own. */
export const bucketOf = ({ type, id, cumulative }: Fact): string => `${type}${cumulative ? '_total' : ''}:${id}`;

/** Whether two say the same, at whatever time. */
export const isSameFact = (a: Fact, b: Fact): boolean => a.type === b.type && a.id === b.id && a.print === b.print;

/** Whether a set has heard what a message says: of this refund, in whatever words; reports say the same again and again, so of this very one. */
export function hasHeard(facts: readonly Fact[], fact: Fact): boolean {
  if (fact.type !== 'sale') return facts.some((one) => bucketOf(one) === bucketOf(fact));
  const isNow = (at: Moment) => byMoment(at, fact.since) === 0;
  return facts.some((one) => isSameFact(one, fact) && (isNow(one.since) || isNow(one.until)));
}

/** Whether nobody who proved himself reported the sale. */
export const isUnproved = (facts: readonly Fact[]): boolean =>
  facts.every(({ type, by_pixel }) => type !== 'sale' || by_pixel);

/** Adds a fact to the set; the very same list where it tells nothing new, as every message does that is delivered again. */
export function withFact(facts: readonly Fact[], fact: Fact): readonly Fact[] {
  const known = facts.find((one) => isSameFact(one, fact));
  if (!known) return [...facts, fact];
  const isEarlier = byMoment(fact.since, known.since) < 0;
  const isLater = byMoment(fact.until, known.until) > 0;
  const { by_pixel, ...same } = known;
  const isProved = by_pixel === true && !fact.by_pixel;
  const merged: Fact = {
    ...same,
    ...(by_pixel && fact.by_pixel && { by_pixel }),
    occurred_at: Math.min(known.occurred_at, fact.occurred_at),
    received_at: Math.min(known.received_at, fact.received_at),
    since: isEarlier ? fact.since : known.since,
    until: isLater ? fact.until : known.until,
  };
  const isTold = merged.occurred_at === known.occurred_at && merged.received_at === known.received_at;
  return isTold && !isEarlier && !isLater && !isProved ? facts : facts.map((one) => (one === known ? merged : one));
}

/** A fact at one of the times at which it was said. */
export interface Saying {
  readonly fact: Fact;
  readonly at: Moment;
}

/** When facts were first and last said, in that order. */
export function sayingsOf(facts: readonly Fact[]): Saying[] {
  const sayings = facts.flatMap((fact) => [
    { fact, at: fact.since },
    ...(byMoment(fact.since, fact.until) === 0 ? [] : [{ fact, at: fact.until }]),
  ]);
  return sayings.toSorted((a, b) => byMoment(a.at, b.at) || byMeaning(a.fact, b.fact));
}

const byMoment = (a: Moment, b: Moment) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

/** At the same moment the further status, or the refund that came to nothing, is the later: neither can come before the other. */
function rankOf({ type, status, money }: Pick<Fact, 'type' | 'status' | 'money'>): number {
  if (type !== 'sale') return Number(money !== null && isZero(money));
  return status === null ? -1 : STATUSES.indexOf(status);
}

/** Then the hash decides, never the order of processing. */
const byMeaning = (a: Fact, b: Fact) => rankOf(a) - rankOf(b) || byText(a.print, b.print) || byText(a.id, b.id);

const byText = (a: string, b: string) => (a < b ? -1 : Number(a > b));

import { hash } from 'node:crypto';
import type { CanonicalConversion } from '../postback/conversion.ts';
import { STATUSES } from '../postback/parameters.ts';
import { isZero } from './amounts.ts';
import type { Amounts, Fact } from './state.ts';

/** First 20 hex digits of SHA-256: 80 bits tell more facts apart than a key ever holds. */
export const shortHash = (text: string): string => hash('sha256', text, 'hex').slice(0, 20);

/** Money as text: equal exactly where the amounts are. */
export const moneyKey = (money: Amounts | null): string =>
  money ? `${money.currency} ${money.revenue} ${money.payout} ${money.sale_value}` : '';

/** What a message says. A refund without an id is told by its amount: equal ones without an id are the same refund. */
export function factOf(conversion: CanonicalConversion): Fact {
  const { entry: type, status, money, cumulative, occurred_at, received_at, revised_at } = conversion;
  const print = shortHash(`${type} ${cumulative} ${status ?? ''} ${moneyKey(money)}`);
  const id = type === 'sale' ? '' : (conversion.refund_id ?? `~${print}`);
  const said = revised_at ?? received_at;
  return { type, id, print, status, money, cumulative, occurred_at, received_at, since: said, until: said };
}

/** Where what a fact takes back is booked. A total may carry the id of a single refund, so it has a bucket of its own. */
export const bucketOf = ({ type, id, cumulative }: Fact): string => `${type}${cumulative ? '_total' : ''}:${id}`;

/** Whether two say the same, at whatever time. */
export const isSameFact = (a: Fact, b: Fact): boolean => a.type === b.type && a.id === b.id && a.print === b.print;

/** Adds a fact to the set; the very same list where it tells nothing new, as every message does that is delivered again. */
export function withFact(facts: readonly Fact[], fact: Fact): readonly Fact[] {
  const known = facts.find((one) => isSameFact(one, fact));
  if (!known) return [...facts, fact];
  const merged: Fact = {
    ...known,
    occurred_at: Math.min(known.occurred_at, fact.occurred_at),
    received_at: Math.min(known.received_at, fact.received_at),
    since: Math.min(known.since, fact.since),
    until: Math.max(known.until, fact.until),
  };
  const changes = TIMES.some((name) => merged[name] !== known[name]);
  return changes ? facts.map((one) => (one === known ? merged : one)) : facts;
}

const TIMES = ['occurred_at', 'received_at', 'since', 'until'] as const;

/** A fact at one of the times at which it was said. */
export interface Saying {
  readonly fact: Fact;
  readonly said: number;
}

/** When facts were first and last said, in that order. */
export function sayingsOf(facts: readonly Fact[]): Saying[] {
  const sayings = facts.flatMap((fact) => [...new Set([fact.since, fact.until])].map((said) => ({ fact, said })));
  return sayings.toSorted((a, b) => a.said - b.said || byMeaning(a.fact, b.fact));
}

/** Of the same millisecond the further status, or the refund that came to nothing, is the later: neither can come before the other. */
function rankOf({ type, status, money }: Fact): number {
  if (type !== 'sale') return Number(money !== null && isZero(money));
  return status === null ? -1 : STATUSES.indexOf(status);
}

/** Then the hash decides, never the order of arrival. */
const byMeaning = (a: Fact, b: Fact) => rankOf(a) - rankOf(b) || byText(a.print, b.print) || byText(a.id, b.id);

const byText = (a: string, b: string) => (a < b ? -1 : Number(a > b));

import { hash } from 'node:crypto';
import type { CanonicalConversion } from '../postback/conversion.ts';
import { STATUSES } from '../postback/parameters.ts';
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
  return { type, id, print, status, money, cumulative, occurred_at, received_at, revised_at };
}

/** Where what a fact takes back is booked. A total may carry the id of a single refund, so it has a bucket of its own. */
export const bucketOf = ({ type, id, cumulative }: Fact): string => `${type}${cumulative ? '_total' : ''}:${id}`;

const isSame = (a: Fact, b: Fact) => a.type === b.type && a.id === b.id && a.print === b.print;

/** Adds a fact to the set; the very same list where it tells nothing new. */
export function withFact(facts: readonly Fact[], fact: Fact): readonly Fact[] {
  const known = facts.find((one) => isSame(one, fact));
  if (!known) return [...facts, fact];
  const merged = {
    ...known,
    occurred_at: Math.min(known.occurred_at, fact.occurred_at),
    received_at: Math.min(known.received_at, fact.received_at),
    revised_at: later(known.revised_at, fact.revised_at),
  };
  const changes =
    merged.occurred_at !== known.occurred_at ||
    merged.received_at !== known.received_at ||
    merged.revised_at !== known.revised_at;
  return changes ? facts.map((one) => (one === known ? merged : one)) : facts;
}

const later = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.max(a, b));

const versionOf = (fact: Fact) => fact.revised_at ?? fact.received_at;
const rankOf = ({ status }: Fact) => (status === null ? -1 : STATUSES.indexOf(status));

/** Earliest first; at the same millisecond the further status is the later, then the hash decides: never the order of arrival. */
export function byVersion(a: Fact, b: Fact): number {
  return versionOf(a) - versionOf(b) || rankOf(a) - rankOf(b) || (a.print < b.print ? -1 : Number(a.print > b.print));
}

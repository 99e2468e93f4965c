import { difference, NOTHING, smaller } from './amounts.ts';
import { bucketOf, moneyKey, type Saying, sayingsOf } from './facts.ts';
import type { Amounts, Fact } from './state.ts';

/** Signed amounts of one bucket, with the time at which they happened. */
export interface Bucket extends Amounts {
  readonly bucket: string;
  readonly at: number;
}

/** A sale while it is being taken back: what was sold, and what is left of it. */
export interface Remainder {
  readonly name: string;
  readonly gross: Amounts;
  readonly at: number;
  readonly converted_at: number;
  readonly reports: readonly Saying[];
  left: Amounts;
  readonly taken: Bucket[];
}

/** Money to take back; null takes all that is left. */
interface Taking {
  readonly bucket: string;
  readonly at: number;
  readonly money: Amounts | null;
}

/** Takes refunds, or chargebacks, from the sales they belong to, in the order of their versions. */
export function takeBack(sales: readonly Remainder[], facts: readonly Fact[], type: 'refund' | 'chargeback'): void {
  for (const taking of takingsOf(facts, type)) takeOne(sales, taking);
}

function takingsOf(facts: readonly Fact[], type: 'refund' | 'chargeback'): Taking[] {
  // of several messages about one refund the last is true, in the place of the first
  const sayings = sayingsOf(facts.filter((fact) => fact.type === type));
  const all = [...new Map(sayings.map(({ fact }) => [bucketOf(fact), fact])).values()];
  const single = all.filter(({ cumulative }) => !cumulative);
  const totals = all.filter(({ cumulative }) => cumulative);
  const largest = largestOf(sayings.flatMap(({ fact }) => (fact.cumulative ? [] : [fact])));
  return [
    ...single.map((fact) => ({ bucket: bucketOf(fact), at: fact.occurred_at, money: fact.money })),
    // a sender may say both: what its single refunds explain of the total is taken by them, or was given back when they failed
    ...totals.map((fact) => ({
      bucket: bucketOf(fact),
      at: fact.occurred_at,
      money: fact.money && minus(fact.money, largest),
    })),
  ];
}

/** Of each single refund the most it ever was. */
function largestOf(facts: readonly Fact[]): Fact[] {
  const byId = new Map<string, Fact>();
  for (const fact of facts) {
    const before = byId.get(fact.id);
    if (!before || (fact.money?.revenue ?? 0) > (before.money?.revenue ?? 0)) byId.set(fact.id, fact);
  }
  return [...byId.values()];
}

function minus(total: Amounts, facts: readonly Fact[]): Amounts {
  const same = facts.filter(({ money }) => money?.currency === total.currency);
  const rest = (name: 'revenue' | 'payout' | 'sale_value') =>
    Math.max(0, total[name] - same.reduce((sum, { money }) => sum + (money?.[name] ?? 0), 0));
  return { currency: total.currency, revenue: rest('revenue'), payout: rest('payout'), sale_value: rest('sale_value') };
}

/** The sale of the very amount first, then the others in their order; none in another currency. */
function takeOne(sales: readonly Remainder[], { bucket, at, money }: Taking): void {
  let wanted = money;
  const exact = sales.filter(({ gross }) => money !== null && moneyKey(gross) === moneyKey(money));
  for (const sale of new Set([...exact, ...sales])) {
    if (wanted && wanted.currency !== sale.gross.currency) continue;
    const taken = wanted ? smaller(wanted, sale.left) : sale.left;
    sale.left = difference(sale.left, taken);
    wanted = wanted && difference(wanted, taken);
    sale.taken.push({ ...difference({ ...NOTHING, currency: taken.currency }, taken), bucket, at });
  }
}

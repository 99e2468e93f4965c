import type { Amounts } from './state.ts';

export const NOTHING: Amounts = { currency: null, revenue: 0, payout: 0, sale_value: 0 };

export const isZero = ({ revenue, payout, sale_value }: Amounts): boolean =>
  revenue === 0 && payout === 0 && sale_value === 0;

/** `a` less `b`, in the currency of `a`. */
export const difference = (a: Amounts, b: Amounts): Amounts => ({
  currency: a.currency,
  revenue: a.revenue - b.revenue,
  payout: a.payout - b.payout,
  sale_value: a.sale_value - b.sale_value,
});

/** The same amounts the other way; never -0. */
export const negated = (amounts: Amounts): Amounts => difference({ ...NOTHING, currency: amounts.currency }, amounts);

/** The smaller of each amount, in the currency of `b`. */
export const smaller = (a: Amounts, b: Amounts): Amounts => ({
  currency: b.currency,
  revenue: Math.min(a.revenue, b.revenue),
  payout: Math.min(a.payout, b.payout),
  sale_value: Math.min(a.sale_value, b.sale_value),
});

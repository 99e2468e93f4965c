import { exponentOf, formatAmount } from '../lambdas/core/money.ts';
import { formatMicros } from '../lambdas/core/sends/micros.ts';
import { isCostKnown, type MoneyChoice, type Sides } from './performance-ratios.ts';

type Row = Readonly<Record<string, unknown>>;

/** True where a row has money of several currencies that the rates do not bring together. */
export const isMixed = ({ unknown, least_currency, most_currency }: Row): boolean =>
  Boolean(unknown) && least_currency !== most_currency;

/** The report's currency where the rates know every day, else the one there is (what comes to nothing is none), else none. */
export function moneyChoice(row: Row, wanted: string): MoneyChoice {
  if (!row.unknown) return { variant: '_in', currency: wanted };
  return { variant: '', currency: isMixed(row) ? null : String(row.least_currency ?? wanted) };
}

interface MoneyContext {
  readonly basis: string;
  readonly sides: Sides;
}

const numberOr0 = (value: unknown): number => Number(value ?? 0);

/** Columns of money as decimal text; null where the row has no one currency, costs where no price is known. */
export function moneyColumns(row: Row, { variant, currency }: MoneyChoice, { sides, basis }: MoneyContext): Row {
  const amount = (name: string) =>
    currency === null || !sides.conversions ? null : formatAmount(numberOr0(row[`${name}${variant}`]), currency);
  const exponent = exponentOf(currency ?? '') ?? 2;
  const costMicros = numberOr0(row[`cost${variant}`]);
  const profitMicros = numberOr0(row[`revenue_matched${variant}`]) * 10 ** (6 - exponent) - costMicros;
  const hasCost = currency !== null && sides.sends && isCostKnown(row);
  const refunds = sides.conversions ? numberOr0(row.refunds) : null;
  return {
    revenue: amount('revenue'),
    revenue_gross: amount('gross'),
    refunded: amount('refunded'),
    refunds,
    refund_count: refunds,
    revenue_pending: amount('pending'),
    revenue_click: amount('revenue_click'),
    revenue_promo: amount('revenue_promo'),
    revenue_identity: amount('revenue_identity'),
    payout: amount('payout'),
    cost: hasCost ? formatMicros(costMicros, exponent) : null,
    profit: hasCost && sides.conversions && basis === 'send' ? formatMicros(profitMicros, exponent) : null,
  };
}

/** `EUR 4990 0 20000,USD …` as entries: minor units, minor units, millionths. */
export function moneyByCurrency(row: Row): Row[] {
  const { money: text } = row;
  const entries = typeof text === 'string' && text !== '' ? text.split(',') : [];
  return entries.map((entry) => {
    const [currency = '', revenue, payout, cost] = entry.split(' ');
    const exponent = exponentOf(currency) ?? 2;
    return {
      currency,
      revenue: formatAmount(Number(revenue), currency),
      payout: formatAmount(Number(payout), currency),
      cost: isCostKnown(row) ? formatMicros(Number(cost), exponent) : null,
    };
  });
}

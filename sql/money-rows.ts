import { formatAmount } from '../lambdas/core/money.ts';

type Row = Readonly<Record<string, unknown>>;

/** Names of the amounts that follow the currency in the text of a row, in order. */
const AMOUNTS = ['revenue', 'payout', 'revenue_gross', 'refunded'] as const;

/** Money of one currency: amounts in minor units, in the order in which SQL tells them. */
export interface Minor {
  readonly currency: string;
  readonly amounts: readonly number[];
}

/** Money out of the text in which SQL tells it: `EUR 4990 0 4990 0,USD …`. What has no currency is no money. */
export function minorOf(text: unknown): Minor[] {
  return String(text ?? '')
    .split(',')
    .map((part) => part.split(' '))
    .filter(([currency]) => currency !== '')
    .map(([currency = '', ...amounts]) => ({ currency, amounts: amounts.map(Number) }));
}

/** Several rows' money as one, currency by currency. */
export function summedMoney(money: readonly Minor[]): Minor[] {
  const groups = Map.groupBy(money, ({ currency }) => currency);
  const sum = (rows: readonly Minor[], at: number) => rows.reduce((all, { amounts }) => all + (amounts[at] ?? 0), 0);
  return [...groups]
    .map(([currency, rows]) => ({ currency, amounts: AMOUNTS.map((_, at) => sum(rows, at)) }))
    .toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
}

/**
 * Money as reports show it. The columns are null where there are several currencies, which are never added up; what comes to
 * nothing is none (an order corrected from one currency to another), and nothing at all is 0 in the account's currency.
 */
export function shownMoney(money: readonly Minor[], accountCurrency: string): Row {
  const there = money.filter(({ amounts }) => amounts.some((amount) => amount !== 0));
  const [one = { currency: accountCurrency, amounts: [] }] = there.length > 0 || money.length > 1 ? there : money;
  const only = there.length > 1 ? undefined : decimal(one);
  const columns = ['currency', ...AMOUNTS] as const;
  return { ...Object.fromEntries(columns.map((name) => [name, only?.[name] ?? null])), money: money.map(decimal) };
}

function decimal({ currency, amounts }: Minor): Readonly<Record<string, string>> {
  const texts = AMOUNTS.map((name, at) => [name, formatAmount(amounts[at] ?? 0, currency)]);
  return { currency, ...Object.fromEntries(texts) };
}

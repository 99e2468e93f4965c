import { formatAmount } from '../lambdas/core/money.ts';

type Row = Readonly<Record<string, unknown>>;

/** Names of the amounts that follow the currency in the text of a row, in order. */
const AMOUNTS = ['revenue', 'payout', 'revenue_gross', 'refunded'] as const;

/** Money of one currency, as decimal texts. */
export type MoneyOf = Readonly<Record<(typeof AMOUNTS)[number], string>> & { readonly currency: string };

/**
 * Money as reports show it, out of the text in which SQL tells it (`EUR 4990 0 4990 0,USD …`, minor units). The columns are
 * null where there are several currencies, which are never added up; nothing at all is 0 in the account's currency.
 */
export function shownMoney(text: unknown, accountCurrency: string): Row {
  const money = String(text ?? '')
    .split(',')
    .map((part) => part.split(' '))
    .filter(([currency]) => currency !== '')
    .map(([currency = '', ...minor]) => moneyOf(currency, minor.map(Number)));
  const known =
    money.length > 0
      ? money
      : [
          moneyOf(
            accountCurrency,
            AMOUNTS.map(() => 0),
          ),
        ];
  const only = known.length === 1 ? known[0] : undefined;
  const columns = ['currency', ...AMOUNTS] as const;
  return { ...Object.fromEntries(columns.map((name) => [name, only?.[name] ?? null])), money };
}

function moneyOf(currency: string, minor: readonly number[]): MoneyOf {
  const amounts = AMOUNTS.map((name, at) => [name, formatAmount(minor[at] ?? 0, currency)] as const);
  return { currency, ...(Object.fromEntries(amounts) as Record<(typeof AMOUNTS)[number], string>) };
}

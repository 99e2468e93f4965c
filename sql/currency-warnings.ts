import { type Fault, fault } from '../lambdas/core/api/problem.ts';
import type { ReportRequest } from './definitions.ts';
import { minorOf } from './money-rows.ts';
import { isMixed } from './performance-money.ts';
import { currencyOf } from './performance-report.ts';

type Row = Readonly<Record<string, unknown>>;

const DAY_MS = 86_400_000;
const GIVE =
  'give rates of those days with PUT /v1/rates/{date} (onehop rates set) and name the currency to have (currency=, --currency)';
const SEVERAL = 'several_currencies';
const APART =
  'For amounts in every row group by, or filter on, what has one currency, such as a campaign (by=campaign, --by campaign; filter.campaign=, --filter campaign=…)';
const TOGETHER =
  'For one currency ask for report performance, which takes currency= (--currency), and give rates of the days with PUT /v1/rates/{date} (onehop rates set)';

/** Says which rates are missing where money is not in the report's currency, of rows of report `performance`. */
export function ratesWarnings(rows: readonly Row[], request: ReportRequest): Fault[] {
  if (!rows.some(({ unknown }) => unknown)) return [];
  const entries = entriesOf(rows.find(({ is_total }) => is_total) ?? {});
  const missing = entries.flatMap(([currency, , , , first, last]) =>
    first ? [`${currency} ${daysOf(first, last)}`] : [],
  );
  const why = `no rates into ${currencyOf(request)} of ${missing.join(', ')}`;
  if (!rows.some(isMixed))
    return [
      fault('currency', 'rates_missing', `${why}: money is in the currency it came in; ${GIVE}${ownOf(entries)}`),
    ];
  const several = `several currencies (${entries.map(([currency]) => currency).join(', ')})`;
  return [fault('currency', SEVERAL, `${several}, and ${why}: money is null in rows that have several; ${GIVE}`)];
}

/** An account whose money is all of one other currency needs no rates. */
const ownOf = ([only, ...others]: readonly string[][]): string =>
  only && others.length === 0
    ? `, or ask for ${only[0]}; the account's own currency is a setting (onehop settings update --currency ${only[0]})`
    : '';

const entriesOf = ({ money }: Row): string[][] =>
  typeof money === 'string' && money !== '' ? money.split(',').map((entry) => entry.split(' ')) : [];

/** `on 2026-06-15`, or the first and the last of several days. */
function daysOf(first: string, last = first): string {
  const [from, to] = [first, last].map((day) => new Date(Number(day) * DAY_MS).toISOString().slice(0, 10));
  return from === to ? `on ${from}` : `on days from ${from} to ${to}`;
}

/** Says that money is in several currencies where a report does not convert any. */
export function mixedWarnings(rows: readonly Row[]): Fault[] {
  const found = rows
    .flatMap(({ money }) => minorOf(money))
    .filter(({ amounts }) => amounts.some((amount) => amount !== 0));
  const currencies = [...new Set(found.map(({ currency }) => currency))].toSorted();
  if (currencies.length < 2) return [];
  const what = `several currencies (${currencies.join(', ')}), which this report does not convert: its columns of money are null in rows that have several; column money tells each`;
  return [fault('currency', SEVERAL, `${what}. ${APART}. ${TOGETHER}`)];
}

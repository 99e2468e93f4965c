import { CliError } from './cli-error.ts';
import { isMixedMoney, isMoney } from './report-cells.ts';

type Row = Readonly<Record<string, unknown>>;

/** Figures of `performance` that a terminal shows; all of them are in `--json`, `--csv` and with `--wide`. */
const PERFORMANCE = new Set([
  'reason',
  'sent',
  'delivered',
  'clicks_human',
  'clicks_unique',
  'ctr',
  'unique_ctr',
  'conversions',
  'ctcr',
  'currency',
  'revenue',
  'refunded',
  'rpc',
  'rpm',
  'epc',
  'cost',
  'profit',
  'money',
  'small_sample',
]);

/** Short names that stand beside the column they are short for. */
const SHORT: Readonly<Record<string, string>> = {
  campaign: 'campaign_id',
  message: 'message_id',
  offer: 'offer_id',
  link: 'link_no',
  subscriber: 'subscriber_id',
};

/**
 * Columns of a report for a table on a terminal: those that were asked for, or all, or what a person reads first: no ends of
 * intervals, nothing twice and nothing that is empty in every row.
 * @param dimensions what the rows are grouped by; always shown
 */
export function tableColumns(
  report: string,
  rows: readonly Row[],
  dimensions: readonly string[],
  { columns, wide }: { readonly columns?: readonly string[] | null; readonly wide?: boolean },
): readonly string[] {
  const all = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (columns) return columns;
  if (wide) return all;
  const grouped = new Set(dimensions.flatMap((name) => [SHORT[name] ?? name]));
  const isBrief = (name: string) => report !== 'performance' || PERFORMANCE.has(name);
  const isFirstRead = (name: string) =>
    !/_(low|high)$/.test(name) && !(SHORT[name] && all.includes(SHORT[name])) && isBrief(name);
  return all.filter((name) => grouped.has(name) || (isFirstRead(name) && rows.some((row) => hasValue(row[name]))));
}

/**
 * The columns that were asked for by name; null where none were.
 * @throws CliError with those that the report does not have, and those it has
 */
export function chosenColumns(columns: string | undefined, known: readonly string[]): string[] | null {
  if (columns === undefined) return null;
  const chosen = columns.split(',').map((name) => name.trim());
  const unknown = chosen.filter((name) => !known.includes(name));
  if (unknown.length === 0) return chosen;
  const names = unknown.map((name) => name || '(nothing)').join(', ');
  throw new CliError(`--columns: the report has no ${names}; it has ${known.join(', ')}`);
}

/** Rows with these columns only, in their order. */
export const withColumns = (rows: readonly Row[], columns: readonly string[]): readonly Row[] =>
  rows.map((row) => Object.fromEntries(columns.map((name) => [name, row[name] ?? null])));

/**
 * Rows with the total below them, wherever there are groups: under the names of the rows, told by the word in the first
 * dimension, since other columns (the model, say) have a value on it.
 */
export function withTotal(rows: readonly Row[], total: Row | null, dimensions: readonly string[]): readonly Row[] {
  const [first] = rows;
  // Without dimensions the one row is the total.
  if (!first || !total || (rows.length === 1 && JSON.stringify(first) === JSON.stringify(total))) return rows;
  const names = Object.keys(first);
  const asked = dimensions.flatMap((name) => [SHORT[name] ?? name, name]);
  const label = [...asked, 'reason', ...names].find((name) => names.includes(name) && !hasValue(total[name]));
  const figures = Object.fromEntries(names.map((name) => [name, total[name] ?? '']));
  return [...rows, label === undefined ? figures : { ...figures, [label]: 'total' }];
}

/** One currency's money stands in the columns already; only several need the list that tells them apart. */
function hasValue(value: unknown): boolean {
  if (isMoney(value)) return isMixedMoney(value);
  return !isEmptyList(value) && value !== null && value !== undefined && value !== '';
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;

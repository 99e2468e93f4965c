type Row = Readonly<Record<string, unknown>>;

/** Amounts of a currency that a list of money tells on a terminal: gross revenue is revenue and what was refunded. */
const AMOUNTS = ['revenue', 'payout', 'refunded', 'cost'];

/** Rows as a person reads them on a terminal: figures rounded, money by currency in words. JSON and CSV have them as they are. */
export const readable = (rows: readonly Row[]): readonly Row[] =>
  rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(value)])));

function cell(value: unknown): unknown {
  if (typeof value === 'number') return rounded(value);
  return isMoney(value) ? value.flatMap(inWords).join('\n') : value;
}

/** Four digits behind the point, or of what is below one the first four that count. */
const rounded = (value: number): number =>
  Number(Math.abs(value) < 1 ? value.toPrecision(4) : value.toFixed(Number.isInteger(value) ? 0 : 4));

/** True of a list of amounts by currency. */
export const isMoney = (value: unknown): value is readonly Row[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one?.currency === 'string');

/** True where a list tells more than one currency has, which the columns of money have already. */
export const isMixedMoney = (value: unknown): boolean => isMoney(value) && value.flatMap(inWords).length > 1;

/** `EUR revenue 50.00, cost 0.20`; nothing where it all comes to nothing. */
function inWords(money: Row): string[] {
  const amounts = AMOUNTS.filter((name) => Number(money[name] ?? 0) !== 0).map((name) => `${name} ${money[name]}`);
  return amounts.length > 0 ? [`${money.currency} ${amounts.join(', ')}`] : [];
}

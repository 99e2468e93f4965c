import { exponentOf } from '../lambdas/core/money.ts';
import { MICROS } from '../lambdas/core/sends/micros.ts';
import { type ClusterSums, type RatioInput, ratioOfSums } from '../lambdas/core/statistics/ratio.ts';
import { AMOUNTS, columnOf, RATIOS, type Ratio, TAPPED, variantsOf } from './performance-measures.ts';

type Row = Readonly<Record<string, unknown>>;

/** Sides of which a request can tell anything: each has all its dimensions. */
export type Sides = Readonly<Record<'sends' | 'clicks' | 'conversions', boolean>>;

/** Which columns the amounts of a row are in, and their currency: the report's, else the one there is, else none. */
export interface MoneyChoice {
  readonly variant: '' | '_in';
  readonly currency: string | null;
}

export interface RatioContext {
  readonly basis: string;
  readonly choice: MoneyChoice;
  readonly sides: Sides;
}

const SENT = ['sent', 'delivered', 'cost'];

const sideOf = (measure: string) =>
  SENT.includes(measure) ? 'sends' : TAPPED.includes(measure) ? 'clicks' : 'conversions';

/** False where messages were sent and no price of any is known: what they cost is not 0. */
export const isCostKnown = ({ cost, sent }: Row): boolean => (cost ?? null) !== null || Number(sent ?? 0) === 0;

/** What a ratio divides, in whole units of money; null where a side is missing, unknown or runs on another clock. */
export function ratioInput(row: Row, ratio: Ratio, { basis, choice, sides }: RatioContext): RatioInput | null {
  const [r, c] = ratio.over;
  const isMoney = variantsOf(ratio).length > 1;
  const isTold = !ratio.over.includes('cost') || isCostKnown(row);
  const isKnown = ratio.over.every((side) => sides[sideOf(side)]) && ratio.bases.includes(basis) && isTold;
  if (!isKnown || (isMoney && choice.currency === null)) return null;
  const variant = isMoney ? choice.variant : '';
  const [sr, sc] = [scaleOf(r, choice.currency), scaleOf(c, choice.currency)];
  const value = (column: string) => Number(row[column] ?? 0);
  const sum = (name: string) => value(`${ratio.name}${variant}_${name}`);
  const tapped = ratio.over.find((side) => TAPPED.includes(side));
  const squares = (side: string, name: string) => (side === tapped ? value(`${side}_squares`) : sum(name));
  const sums: ClusterSums = {
    n: sum('n') + (tapped ? value(`${tapped}_people`) : 0),
    r: value(columnOf(r, variant)) * sr,
    c: value(columnOf(c, variant)) * sc,
    rr: squares(r, 'rr') * sr * sr,
    rc: sum('rc') * sr * sc,
    cc: squares(c, 'cc') * sc * sc,
  };
  const conversions = ratio.converts ? value(countingOf(ratio)) : undefined;
  return conversions === undefined ? { sums } : { sums, conversions };
}

/** The conversions that limit how precise a ratio is. */
function countingOf({ over }: Ratio): string {
  if (over.includes('gross_sale')) return 'credit_sale';
  if (over.some((side) => side.endsWith('_clicked'))) return 'credit_clicked';
  return over.some((side) => side.endsWith('_matched')) ? 'credit_matched' : 'credit';
}

/** Units of money in one unit of the column. */
function scaleOf(measure: string, currency: string | null): number {
  if (measure === 'cost') return 1 / MICROS;
  return (AMOUNTS as readonly string[]).includes(measure) ? 10 ** -(exponentOf(currency ?? '') ?? 2) : 1;
}

/** The columns of all ratios. Where messages are told as totals nobody knows whose they are, so there is no interval. */
export function ratiosOf(row: Row, context: RatioContext): { columns: Row; smallSample: boolean } {
  let smallSample = false;
  const columns = RATIOS.map((ratio) => {
    const input = ratioInput(row, ratio, context);
    const estimate = input && ratioOfSums(input);
    const isBlurred = row.has_puts === 1 && ratio.over.some((side) => sideOf(side) === 'sends');
    smallSample ||= estimate?.smallSample ?? false;
    return {
      [ratio.name]: estimate?.value ?? null,
      [`${ratio.name}_low`]: isBlurred ? null : (estimate?.low ?? null),
      [`${ratio.name}_high`]: isBlurred ? null : (estimate?.high ?? null),
    };
  });
  return { columns: Object.assign({}, ...columns) as Row, smallSample };
}

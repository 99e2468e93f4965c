import { removalEffects, type Steps } from '../lambdas/core/attribution/markov.ts';
import { addBrought, evenPart } from '../lambdas/core/attribution/shapley.ts';
import type { Path } from '../lambdas/core/attribution/types.ts';
import { unitCredits } from '../lambdas/core/attribution/unit-credits.ts';
import { ReportRequestError } from './definitions.ts';
import { type Minor, minorOf, summedMoney } from './money-rows.ts';

type Row = Readonly<Record<string, unknown>>;

/** Characters that sql/reports/parts/walked.sql puts between the values of a unit, and for no value. */
const [BETWEEN_VALUES, NO_VALUE] = ['\u001f', '\u001d'] as const;

/** A chain of more units takes a matrix of more than a million numbers. */
const MOST_UNITS = 1_000;

/** What a data-driven model gives one unit. */
export interface UnitFigures {
  /** What each dimension says of the unit. */
  readonly values: readonly (string | null)[];
  readonly conversions: number;
  readonly touches: number;
  readonly money: readonly Minor[];
}

/** Effects of the units in conversions, and their money where it has effects of its own; else money follows the effects. */
interface Found {
  readonly effects: readonly number[];
  readonly moneyOf: (currency: string, at: number) => readonly number[] | null;
}

/**
 * Credits of every unit under `markov` or `shapley`, out of the tallies of what was walked.
 * @throws ReportRequestError where there are too many units for a chain
 */
export function creditsOfTallies(model: string, rows: readonly Row[]): UnitFigures[] {
  const ends = rows.filter(({ kind }) => kind === 'end');
  const units = [...new Set(rows.flatMap(({ unit }) => (typeof unit === 'string' ? [unit] : [])))].sort();
  const found = model === 'shapley' ? shapleyOf(units, rows) : markovOf(units, rows);
  const totals = summedMoney(ends.flatMap(({ money }) => minorOf(money)));
  const conversions = ends.reduce((sum, row) => sum + Number(row.conversions), 0);
  const credit = (money_minor: number, money: readonly number[] | null) =>
    unitCredits({ units, effects: found.effects, money }, [whole(conversions, money_minor)]);
  const money = totals.map(({ currency, amounts }) => ({
    currency,
    credits: amounts.map((amount, at) => credit(amount, found.moneyOf(currency, at))),
  }));
  const counted = credit(0, null);
  const touches = touchesBy(rows);
  return units.map((unit, at) => ({
    values: unit.split(BETWEEN_VALUES).map((value) => (value === NO_VALUE ? null : value)),
    conversions: counted[at]?.conversions ?? 0,
    touches: touches.get(unit) ?? 0,
    money: money.map(({ currency, credits }) => ({
      currency,
      amounts: credits.map((amount) => amount[at]?.money_minor ?? 0),
    })),
  }));
}

/** All paths as one: what the credits have to add up to. */
const whole = (conversions: number, money_minor: number): Path => ({
  units: ['*'],
  conversions,
  nulls: 0,
  money_minor,
});

/** Sets of equal size share what they brought equally: see lambdas/core/attribution/shapley.ts. */
function shapleyOf(units: readonly string[], rows: readonly Row[]): Found {
  const sets = rows.filter(({ kind }) => kind === 'set');
  const values = (broughtBy: (row: Row) => number) => {
    const brought = new Map(units.map((unit) => [unit, new Map<number, number>()]));
    for (const row of sets) addBrought(brought.get(String(row.unit)), Number(row.size), broughtBy(row));
    return [...brought.values()].map(evenPart);
  };
  return {
    effects: values(({ conversions }) => Number(conversions)),
    moneyOf: (currency, at) => values((row) => amountIn(row, currency, at)),
  };
}

const amountIn = ({ money }: Row, currency: string, at: number): number =>
  minorOf(money).find((one) => one.currency === currency)?.amounts[at] ?? 0;

function markovOf(units: readonly string[], rows: readonly Row[]): Found {
  if (units.length <= MOST_UNITS) return { effects: removalEffects(stepsIn(units, rows)).effects, moneyOf: () => null };
  throw new ReportRequestError(
    `${units.length} units are too many for markov, which takes ${MOST_UNITS}: group by something coarser`,
  );
}

/** Tallies of steps and ends as the counts of a chain. */
export function stepsIn(units: readonly string[], rows: readonly Row[]): Steps {
  const rowOf = new Map(units.map((unit, at) => [unit, at + 1]));
  const counts = Array.from({ length: units.length + 1 }, () => new Float64Array(units.length + 2));
  const count = (from: unknown, column: number, times: unknown) => {
    const row = counts[typeof from === 'string' ? (rowOf.get(from) ?? 0) : 0] as Float64Array;
    row[column] = (row[column] as number) + Number(times);
  };
  for (const { kind, unit_before, unit, conversions, nulls } of rows) {
    if (kind === 'step') count(unit_before, (rowOf.get(String(unit)) ?? 0) - 1, Number(conversions) + Number(nulls));
    if (kind === 'end') count(unit, units.length, conversions);
    if (kind === 'end') count(unit, units.length + 1, nulls);
  }
  return { units, counts };
}

function touchesBy(rows: readonly Row[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { unit, touches } of rows)
    if (typeof unit === 'string') sums.set(unit, (sums.get(unit) ?? 0) + Number(touches));
  return sums;
}

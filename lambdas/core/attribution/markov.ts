import { invert } from './invert.ts';
import type { Path, UnitCredit } from './types.ts';
import { unitCredits, unitsOf } from './unit-credits.ts';

/**
 * Counts of steps of an absorbing chain: from the start (row 0) and from every unit (rows 1 to n) to every unit
 * (columns 0 to n - 1), to a conversion (n) and to none (n + 1).
 */
export interface Steps {
  readonly units: readonly string[];
  readonly counts: readonly Float64Array[];
}

/** What became of the chain: how likely a journey converts, and each unit's removal effect. */
export interface Removal {
  readonly conversion: number;
  readonly effects: readonly number[];
}

/** Steps of the paths. Steps within a path count its conversions and its null journeys alike; a unit after itself is no step. */
export function stepsOf(paths: readonly Path[]): Steps {
  const units = unitsOf(paths);
  const n = units.length;
  const rowOf = new Map(units.map((unit, i) => [unit, i + 1]));
  const counts = Array.from({ length: n + 1 }, () => new Float64Array(n + 2));
  const count = (row: number, column: number, times: number) => {
    const from = counts[row] as Float64Array;
    from[column] = (from[column] as number) + times;
  };
  for (const { units: walked, conversions, nulls } of paths) {
    if (walked.length === 0) continue;
    const rows = walked.map((unit) => rowOf.get(unit) ?? 0).filter((row, i, all) => row !== all[i - 1]);
    for (const [i, row] of rows.entries()) count(rows[i - 1] ?? 0, row - 1, conversions + nulls);
    count(rows.at(-1) ?? 0, n, conversions);
    count(rows.at(-1) ?? 0, n + 1, nulls);
  }
  return { units, counts };
}

/** Each row as probabilities; a row that was never left stays at 0. */
function probabilities(counts: readonly Float64Array[]): Float64Array[] {
  return counts.map((row) => {
    const out = row.reduce((total, count) => total + count, 0);
    return out > 0 ? row.map((count) => count / out) : row;
  });
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((total, value, i) => total + value * (b[i] as number), 0);

/**
 * Removal effects of an order-1 chain, exactly: with unit c turned into a dead end, a journey converts less by
 * P(it ever reaches c) · P(conversion from c), and the effect is that over P(conversion). Both come from the one inverse
 * N of I - Q, as P(reaches c) = N(start, c) / N(c, c) (https://en.wikipedia.org/wiki/Absorbing_Markov_chain, transient
 * probabilities), so that no chain is solved twice. Model: https://doi.org/10.1016/j.ijresmar.2016.03.001
 */
export function removalEffects({ units, counts }: Steps): Removal {
  const n = units.length;
  const [start = new Float64Array(n + 2), ...rows] = probabilities(counts);
  const transient = rows.map((row, i) => row.slice(0, n).map((p, j) => (i === j ? 1 : 0) - p));
  const inverse = invert(transient);
  const toConversion = Float64Array.from(rows, (row) => row[n] as number);
  const converting = inverse.map((row) => dot(row, toConversion));
  const entry = start.slice(0, n);
  const conversion = dot(entry, Float64Array.from(converting));
  const effects = units.map((_, c) => {
    const visits = dot(
      entry,
      Float64Array.from(inverse, (row) => row[c] as number),
    );
    const reached = visits / (inverse[c]?.[c] ?? 1);
    return conversion > 0 ? (reached * (converting[c] ?? 0)) / conversion : 0;
  });
  return { conversion, effects };
}

/** Credits by removal effect: all conversions and all money in proportion. */
export function markov(paths: readonly Path[]): UnitCredit[] {
  const steps = stepsOf(paths);
  return unitCredits({ units: steps.units, effects: removalEffects(steps).effects, money: null }, paths);
}

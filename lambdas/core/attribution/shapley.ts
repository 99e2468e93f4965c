import type { Path, UnitCredit } from './types.ts';
import { unitCredits, unitsOf } from './unit-credits.ts';

/** Adds what a set of so many units brought to what is known of one of them. */
export function addBrought(bySize: Map<number, number> | undefined, size: number, brought: number): void {
  bySize?.set(size, (bySize.get(size) ?? 0) + brought);
}

/** A unit's even part of every set. Whole amounts are added up before they are divided: to the last digit, in whatever order they came. */
export const evenPart = (bySize: ReadonlyMap<number, number>): number =>
  [...bySize].toSorted(([a], [b]) => a - b).reduce((value, [size, brought]) => value + brought / size, 0);

/**
 * Shapley value of every unit in the game whose value v(S) is what paths with no unit outside S brought.
 *
 * Exact for any number of units, without going through coalitions or sampling permutations: v is the sum, over sets T
 * of units that were walked, of what T brought times "T is within S". In such a unanimity game the value is shared
 * evenly within T (Shapley 1953, https://doi.org/10.1515/9781400881970-018), and values add up. So a path gives each of
 * its distinct units the same part; how often and in which order they came does not matter.
 * See docs/adr/0015-shapley-closed-form.md; the tests compare with the definition over all coalitions.
 */
export function shapleyValues(paths: readonly Path[], worth: (path: Path) => number): Map<string, number> {
  const brought = new Map(unitsOf(paths).map((unit) => [unit, new Map<number, number>()]));
  for (const path of paths) {
    const distinct = new Set(path.units);
    for (const unit of distinct) addBrought(brought.get(unit), distinct.size, worth(path));
  }
  return new Map([...brought].map(([unit, bySize]) => [unit, evenPart(bySize)]));
}

/** Credits by Shapley value, of conversions and of money each in its own game. Null paths bring nothing and change nothing. */
export function shapley(paths: readonly Path[]): UnitCredit[] {
  const conversions = shapleyValues(paths, (path) => path.conversions);
  const money = shapleyValues(paths, (path) => path.money_minor);
  return unitCredits(
    { units: [...conversions.keys()], effects: [...conversions.values()], money: [...money.values()] },
    paths,
  );
}

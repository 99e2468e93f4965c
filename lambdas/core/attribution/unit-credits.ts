import { roundToSum, splitMinor } from './split.ts';
import type { Path, UnitCredit } from './types.ts';

/** The units of the paths, each once, in order of their names. */
export const unitsOf = (paths: readonly Path[]): string[] => [...new Set(paths.flatMap(({ units }) => units))].sort();

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What all paths with units add up to: what the credits have to add up to. */
export function totalsOf(paths: readonly Path[]): { conversions: number; money_minor: number } {
  const walked = paths.filter(({ units }) => units.length > 0);
  return {
    conversions: sum(walked.map(({ conversions }) => conversions)),
    money_minor: sum(walked.map(({ money_minor }) => money_minor)),
  };
}

/** What a model found: for each unit its effect in conversions, and in money where it has one of its own. */
export interface Effects {
  readonly units: readonly string[];
  readonly effects: readonly number[];
  /** Money of each unit before rounding, adding up to all money; null: money follows the shares. */
  readonly money: readonly number[] | null;
}

/** Effects made shares of 1; where no unit has an effect all get the same, so that nothing is lost. */
function sharesOf(effects: readonly number[]): number[] {
  const whole = sum(effects);
  return effects.map((effect) => (whole > 0 ? effect / whole : 1 / effects.length));
}

/** Effects as credits that add up to all conversions, unrounded, and to all money, to the minor unit. */
export function unitCredits({ units, effects, money }: Effects, paths: readonly Path[]): UnitCredit[] {
  if (units.length === 0) return [];
  const totals = totalsOf(paths);
  const shares = sharesOf(effects);
  const minor = money ? roundToSum(money, totals.money_minor) : splitMinor(totals.money_minor, shares);
  return units.map((unit, i) => ({
    unit,
    effect: effects[i] ?? 0,
    share: shares[i] ?? 0,
    conversions: totals.conversions * (shares[i] ?? 0),
    money_minor: minor[i] ?? 0,
  }));
}

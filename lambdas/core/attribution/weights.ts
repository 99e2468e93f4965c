import type { RuleModel } from './types.ts';

/** Time-decay half-life where none is given: seven days, as analytics products have it. */
export const HALF_LIFE_MS = 7 * 24 * 3_600_000;

const one = (length: number, at: number) => Array.from({ length }, (_, i) => (i === at ? 1 : 0));

/** 40 % to the first and the last touch, the rest among those between; half and half where there are two. */
function position(n: number): number[] {
  if (n < 3) return Array.from({ length: n }, () => 1 / n);
  return Array.from({ length: n }, (_, i) => (i === 0 || i === n - 1 ? 0.4 : 0.2 / (n - 2)));
}

/** 2^(-age / half-life), continuous in age (others step by week or weigh by rank), made to add up to 1. Counted from the youngest, so that no sum underflows. */
function timeDecay(ages: readonly number[], halfLife: number): number[] {
  const youngest = Math.min(...ages);
  const raw = ages.map((age) => 2 ** ((youngest - age) / halfLife));
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return raw.map((weight) => weight / sum);
}

/**
 * Weights of the touches of one conversion, adding up to 1; none for no touch. Formulas:
 * https://support.google.com/analytics/answer/10596866 and, for the names, https://en.wikipedia.org/wiki/Attribution_(marketing)
 *
 * @param ages age of each touch at the conversion in milliseconds, in the order of the path
 * @param halfLife milliseconds in which a touch loses half its weight; `time_decay` only
 */
export function weights(model: RuleModel, ages: readonly number[], halfLife = HALF_LIFE_MS): number[] {
  const n = ages.length;
  const rules: Readonly<Record<RuleModel, () => number[]>> = {
    last: () => one(n, n - 1),
    first: () => one(n, 0),
    linear: () => Array.from({ length: n }, () => 1 / n),
    position: () => position(n),
    time_decay: () => timeDecay(ages, halfLife),
  };
  return rules[model]();
}

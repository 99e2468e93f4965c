import { chiSquareTail } from './distributions.ts';

/** A test of the sizes of arms against the plan. */
export interface SampleRatio {
  /** Pearson's statistic, k - 1 degrees of freedom. */
  readonly chi2: number;
  /** Chance of sizes at least this far off if assignment is sound. Below {@link SAMPLE_RATIO_ALARM} the experiment is not to be trusted. */
  readonly p: number;
}

/** The usual threshold for a mismatch, https://doi.org/10.1145/3292500.3330722: strict, because every reading of every experiment tests it. */
export const SAMPLE_RATIO_ALARM = 0.001;

/**
 * Sample-ratio mismatch: do the arms have the sizes that were planned? Pearson's chi-square over all arms,
 * https://www.itl.nist.gov/div898/handbook/eda/section3/eda35f.htm
 *
 * @param observed subscribers in each arm
 * @param shares planned shares in the same order, on any scale (`[0.9, 0.1]` or `[9, 1]`)
 * @returns null with fewer than two arms of positive share, before anyone is assigned, or with lists of different length;
 *   members of an arm with share 0 are a mismatch beyond doubt (`chi2` infinite, `p` 0)
 */
export function sampleRatio(observed: readonly number[], shares: readonly number[]): SampleRatio | null {
  const total = observed.reduce((sum, n) => sum + n, 0);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const arms = shares.filter((share) => share > 0).length;
  if (observed.length !== shares.length || arms < 2 || !(total > 0)) return null;
  const chi2 = observed.reduce((sum, n, arm) => {
    const expected = (total * (shares[arm] ?? 0)) / whole;
    return n === expected ? sum : sum + (n - expected) ** 2 / expected;
  }, 0);
  return { chi2, p: chiSquareTail(chi2, arms - 1) };
}

import { studentCritical, studentTails } from './distributions.ts';
import { CONFIDENCE, type Difference } from './estimate.ts';

/** One arm's values, one per subscriber, zeros included: how many, their mean, and their variance with n - 1 (`var_samp`). */
export interface Sample {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

/** A difference of means with the degrees of freedom of its t distribution. */
export interface MeanDifference extends Difference {
  readonly df: number;
}

/**
 * Difference of two means, treated minus control, by Welch's t with the Satterthwaite degrees of freedom: revenue per
 * subscriber of two arms, whose variances need not be equal.
 * https://www.itl.nist.gov/div898/handbook/eda/section3/eda353.htm
 *
 * @returns null where an arm has fewer than two members, or no value differs from another in either
 */
export function welch(treated: Sample, control: Sample, confidence = CONFIDENCE): MeanDifference | null {
  if (treated.n < 2 || control.n < 2) return null;
  const [t, c] = [treated.variance / treated.n, control.variance / control.n];
  if (!(t + c > 0)) return null;
  const value = treated.mean - control.mean;
  const df = (t + c) ** 2 / (t ** 2 / (treated.n - 1) + c ** 2 / (control.n - 1));
  const error = Math.sqrt(t + c);
  const reach = studentCritical(1 - confidence, df) * error;
  return { value, low: value - reach, high: value + reach, p: studentTails(value / error, df), df };
}

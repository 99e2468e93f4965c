import { incompleteBeta, logGamma, upperGamma } from './special.ts';

/*
 * Normal, chi-square and Student's t. Own code, because no package fits a function bundle and a core without waiting:
 * jstat is off by a third for t with 10⁸ degrees of freedom and loses tails, @stdlib brings 232 packages, cephes is
 * WebAssembly that must be awaited; see docs/adr/0012-own-distributions.md. The tests compare with values of @stdlib.
 */

/** P(|Z| > |z|) of a standard normal Z, by the incomplete gamma function: https://dlmf.nist.gov/7.11#E2 */
export const normalTails = (z: number): number => upperGamma(0.5, (z * z) / 2);

/** P(X > x) of a chi-square X with `df` degrees of freedom: https://www.itl.nist.gov/div898/handbook/eda/section3/eda3666.htm */
export const chiSquareTail = (x: number, df: number): number => upperGamma(df / 2, x / 2);

/** One step of Halley's method towards the z whose both tails hold `tails`. */
function towards(tails: number, z: number): number {
  const density = Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2);
  const newton = (normalTails(z) - tails) / density;
  return z + newton / (1 - (z * newton) / 2);
}

/**
 * The z >= 0 with P(|Z| > z) = `tails`, 0 < tails <= 1 (1.96 for .05). First guess by Abramowitz and Stegun 26.2.23
 * (error below 4.5e-4, https://personal.math.ubc.ca/~cbm/aands/page_933.htm), then three steps that triple its digits.
 */
export function normalCritical(tails: number): number {
  const t = Math.sqrt(-2 * Math.log(tails / 2));
  const guess = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return [1, 2, 3].reduce((z) => towards(tails, z), guess);
}

/** From here on Hill's expansion has more digits than the incomplete beta function keeps. */
const MANY = 200;

/** The normal deviate with the same tails as t, for many degrees of freedom: Hill, https://doi.org/10.1145/355598.355599 */
function hill(t: number, df: number): number {
  const a = df - 0.5;
  const b = 48 * a * a;
  const y = a * Math.log1p((t * t) / df);
  return Math.sqrt(y) * (1 + (y + 3 - (((0.4 * y + 3.3) * y + 24) * y + 85.5) / (0.8 * y * y + 100 + b)) / b);
}

/** P(|T| > |t|) of Student's T with `df` > 0 (not necessarily whole) degrees of freedom: https://dlmf.nist.gov/8.17#E1 with x = df / (df + t²) */
export function studentTails(t: number, df: number): number {
  if (df >= MANY) return normalTails(hill(t, df));
  const sum = df + t * t;
  return incompleteBeta(df / sum, (t * t) / sum, df / 2, 0.5);
}

function studentDensity(t: number, df: number): number {
  const scale = Math.exp(logGamma((df + 1) / 2) - logGamma(df / 2)) / Math.sqrt(df * Math.PI);
  return scale * Math.exp((-(df + 1) / 2) * Math.log1p((t * t) / df));
}

/**
 * The t >= 0 with P(|T| > t) = `tails`. Newton's method from the normal deviate, which lies below: the tail is convex,
 * so every step stays below the root and none overshoots.
 */
export function studentCritical(tails: number, df: number): number {
  let t = normalCritical(tails);
  for (let step = Number.POSITIVE_INFINITY; step > t * 1e-14; t += step) {
    step = (studentTails(t, df) - tails) / (2 * studentDensity(t, df));
  }
  return t;
}

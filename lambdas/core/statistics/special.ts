/**
 * Logarithm of the gamma function, Lanczos approximation with g = 7 and nine terms (about 15 digits for x > 0).
 * Coefficients: https://mrob.com/pub/ries/lanczos-gamma.html
 */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

export function logGamma(x: number): number {
  const sum = LANCZOS.reduce((total, term, i) => (i === 0 ? term : total + term / (x - 1 + i)), 0);
  return (x - 0.5) * Math.log(x + 6.5) - (x + 6.5) + Math.log(Math.sqrt(2 * Math.PI) * sum);
}

/** Smallest step that still counts in a series or continued fraction, and what stands in for zero in a denominator. */
const EPSILON = 1e-16;
const TINY = 1e-300;

const orTiny = (x: number) => (Math.abs(x) < TINY ? TINY : x);

/** 1/(1 + a₁/(1 + a₂/(1 + …))) by the modified Lentz method, https://dlmf.nist.gov/3.10#iii; `term(k)` gives a_k. */
function continuedFraction(first: number, term: (k: number) => { a: number; b: number }): number {
  let c = 1 / TINY;
  let d = 1 / orTiny(first);
  let value = d;
  for (let k = 1; ; k += 1) {
    const { a, b } = term(k);
    d = 1 / orTiny(b + a * d);
    c = orTiny(b + a / c);
    value *= c * d;
    if (!(Math.abs(c * d - 1) > EPSILON * 4)) return value;
  }
}

/** P(a, x) by its power series, good for x < a + 1: https://dlmf.nist.gov/8.11#E4 */
function lowerGammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; term > sum * EPSILON; k += 1) {
    term *= x / (a + k);
    sum += term;
  }
  return sum * Math.exp(a * Math.log(x) - x - logGamma(a));
}

/**
 * Regularised upper incomplete gamma function Q(a, x), a > 0, x >= 0, with full relative precision in the far tail:
 * series below a + 1, continued fraction above (https://dlmf.nist.gov/8.9#E2).
 */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  if (x < a + 1) return 1 - lowerGammaSeries(a, x);
  const fraction = continuedFraction(x + 1 - a, (k) => ({ a: -k * (k - a), b: x + 2 * k + 1 - a }));
  return fraction * Math.exp(a * Math.log(x) - x - logGamma(a));
}

/** Term k of the continued fraction of the incomplete beta function, https://dlmf.nist.gov/8.17#E22 */
function betaTerm(x: number, a: number, b: number, k: number): number {
  const m = Math.floor(k / 2);
  return k % 2 === 0
    ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
}

/** Regularised incomplete beta function I_x(a, b) for 0 <= x <= 1 and moderate a and b; `y` is 1 - x, given apart so that it keeps its digits. */
export function incompleteBeta(x: number, y: number, a: number, b: number): number {
  if (x <= 0 || y <= 0) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(y, x, b, a);
  const scale = Math.exp(a * Math.log(x) + b * Math.log(y) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  return scale * continuedFraction(1, (k) => ({ a: betaTerm(x, a, b, k), b: 1 }));
}

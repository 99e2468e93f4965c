import { normalCritical, normalTails } from './distributions.ts';
import { CONFIDENCE } from './estimate.ts';

/**
 * Sums over clusters (subscribers), of a numerator R (revenue, say) and a denominator C (clicks): one pair per cluster,
 * then `n` pairs, ΣR, ΣC, ΣR², ΣRC, ΣC². This is what SQL groups by subscriber and then adds up.
 */
export interface ClusterSums {
  readonly n: number;
  readonly r: number;
  readonly c: number;
  readonly rr: number;
  readonly rc: number;
  readonly cc: number;
}

/** A ratio of sums. Without ends, and `smallSample`, where there are too few clusters or conversions to trust an interval. */
export interface RatioEstimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly smallSample: boolean;
}

/** A difference of two ratios with interval and p-value of one method. */
export interface RatioDifference extends RatioEstimate {
  readonly p: number | null;
}

/** Below these the normal approximation is not to be trusted. */
export const MIN_CLUSTERS = 30;
export const MIN_CONVERSIONS = 10;

/** Clusters' sums, and how many conversions stand behind the numerator where conversions are what limits the precision. */
export interface RatioInput {
  readonly sums: ClusterSums;
  readonly conversions?: number;
}

const small = ({ sums, conversions }: RatioInput): boolean =>
  sums.n < MIN_CLUSTERS || (conversions !== undefined && conversions < MIN_CONVERSIONS);

/** Sums over pairs (numerator, denominator), one pair per cluster. */
export function clusterSums(pairs: readonly (readonly [number, number])[]): ClusterSums {
  const add = (sum: ClusterSums, [r, c]: readonly [number, number]): ClusterSums => ({
    n: sum.n + 1,
    r: sum.r + r,
    c: sum.c + c,
    rr: sum.rr + r * r,
    rc: sum.rc + r * c,
    cc: sum.cc + c * c,
  });
  return pairs.reduce(add, { n: 0, r: 0, c: 0, rr: 0, rc: 0, cc: 0 });
}

/**
 * Variance of ΣR/ΣC by the delta method, clusters independent: (s_R² - 2r·s_RC + r²·s_C²) / (n·m_C²), r = ΣR/ΣC,
 * https://arxiv.org/abs/1803.06336. The bracket is the variance of R - rC, whose mean is 0: so no means are subtracted.
 */
function ratioVariance({ n, r, c, rr, rc, cc }: ClusterSums): number {
  const ratio = r / c;
  const residuals = Math.max(0, rr - 2 * ratio * rc + ratio * ratio * cc);
  return (residuals / (n - 1)) * (n / (c * c));
}

/**
 * A ratio of sums (revenue per click, conversions per click) with an interval that knows that a subscriber's clicks and
 * orders hang together.
 *
 * @returns null where the denominator adds up to 0 or less
 */
export function ratioOfSums(input: RatioInput, confidence = CONFIDENCE): RatioEstimate | null {
  const { sums } = input;
  if (!(sums.c > 0)) return null;
  const value = sums.r / sums.c;
  if (small(input)) return { value, low: null, high: null, smallSample: true };
  const reach = normalCritical(1 - confidence) * Math.sqrt(ratioVariance(sums));
  return { value, low: value - reach, high: value + reach, smallSample: false };
}

/**
 * Difference of two ratios of sums over different clusters, `a` minus `b`.
 *
 * @returns null where a ratio is undefined; without ends and p where either side is a small sample, and without p where
 *   neither side varies
 */
export function ratioDifference(a: RatioInput, b: RatioInput, confidence = CONFIDENCE): RatioDifference | null {
  if (!(a.sums.c > 0 && b.sums.c > 0)) return null;
  const value = a.sums.r / a.sums.c - b.sums.r / b.sums.c;
  if (small(a) || small(b)) return { value, low: null, high: null, p: null, smallSample: true };
  const error = Math.sqrt(ratioVariance(a.sums) + ratioVariance(b.sums));
  const reach = normalCritical(1 - confidence) * error;
  const p = error > 0 ? normalTails(value / error) : null;
  return { value, low: value - reach, high: value + reach, p, smallSample: false };
}

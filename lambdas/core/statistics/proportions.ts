import { normalCritical, normalTails } from './distributions.ts';
import { CONFIDENCE, type Difference, type Estimate, type Share } from './estimate.ts';

/** A share that can be one: something to divide by, and no more hits than that. */
const sound = ({ count, of }: Share): boolean => of > 0 && count >= 0 && count <= of;

/** Both ends at `z` standard errors. At all of `of` the upper end is 1 exactly, not up to rounding (at none the lower one is 0 by itself). */
function wilsonEnds({ count, of }: Share, z: number): { low: number; high: number } {
  const square = z * z;
  const centre = count + square / 2;
  const half = z * Math.sqrt((count * (of - count)) / of + square / 4);
  return {
    low: (centre - half) / (of + square),
    high: count === of ? 1 : (centre + half) / (of + square),
  };
}

/**
 * Wilson's score interval of a proportion, without continuity correction; stays within 0 and 1 and means something at 0
 * hits. https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm
 *
 * @returns null where nothing was tried, or more hits than tries were counted
 */
export function wilson(share: Share, confidence = CONFIDENCE): Estimate | null {
  if (!sound(share)) return null;
  return { value: share.count / share.of, ...wilsonEnds(share, normalCritical(1 - confidence)) };
}

/** Distances from the difference to both ends at `z`, by combining the Wilson limits of both arms. */
function newcombeReach(treated: Share, control: Share, z: number): { below: number; above: number } {
  const [t, c] = [wilsonEnds(treated, z), wilsonEnds(control, z)];
  const [pt, pc] = [treated.count / treated.of, control.count / control.of];
  return { below: Math.hypot(pt - t.low, c.high - pc), above: Math.hypot(t.high - pt, pc - c.low) };
}

/** The z at which the interval just reaches from `diff` to 0. Both reaches grow with z, so halving finds it. */
function reaching(diff: number, reach: (z: number) => number): number {
  let [low, high] = [0, 1];
  while (reach(high) < diff) [low, high] = [high, high * 2];
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (reach(middle) < diff) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Difference of two proportions, treated minus control: Newcombe's interval from Wilson limits (his method 10), good at
 * small counts and at 0, and the p-value that this interval implies.
 * https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I
 *
 * @returns null where an arm is empty or counts more hits than members
 */
export function newcombe(treated: Share, control: Share, confidence = CONFIDENCE): Difference | null {
  if (!sound(treated) || !sound(control)) return null;
  const value = treated.count / treated.of - control.count / control.of;
  const { below, above } = newcombeReach(treated, control, normalCritical(1 - confidence));
  const side = value > 0 ? 'below' : 'above';
  const z = value === 0 ? 0 : reaching(Math.abs(value), (at) => newcombeReach(treated, control, at)[side]);
  return { value, low: value - below, high: value + above, p: normalTails(z) };
}

/** How much more, as a fraction of the control's rate (.15 is 15 % more). */
export interface RelativeLift {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Relative lift with the interval of the logarithm of the risk ratio (Katz), https://doi.org/10.2307/2530610. An
 * interval of size, not a second test: whether there is an effect, the difference says.
 *
 * @returns null where an arm is empty or the control's rate is 0; without ends where nobody in the treated arm converted
 */
export function relativeLift(treated: Share, control: Share, confidence = CONFIDENCE): RelativeLift | null {
  if (!sound(treated) || !sound(control) || control.count === 0) return null;
  const ratio = treated.count / treated.of / (control.count / control.of);
  if (treated.count === 0) return { value: -1, low: null, high: null };
  const spread = (share: Share) => (1 - share.count / share.of) / share.count;
  const reach = normalCritical(1 - confidence) * Math.sqrt(spread(treated) + spread(control));
  return { value: ratio - 1, low: ratio * Math.exp(-reach) - 1, high: ratio * Math.exp(reach) - 1 };
}

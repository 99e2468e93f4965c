import { normalCritical } from './distributions.ts';

/** How sure a test has to be. */
export interface Demands {
  /** Chance of seeing an effect where there is none, two-sided. @default 0.05 */
  readonly alpha?: number;
  /** Chance of seeing the planned effect where it is there. @default 0.8 */
  readonly power?: number;
}

/** What an experiment on a rate is planned for. */
export interface Plan extends Demands {
  /** Rate of the control, 0 to 1. */
  readonly baseRate: number;
  /** Effect to be found, relative to the control's rate: .1 is 10 % more. */
  readonly effect: number;
  /** Members of the treated arm for each of the control's: 9 for a holdout of a tenth. @default 1 */
  readonly ratio?: number;
}

/** (z of alpha, two-sided, + z of power)² */
function squaredDeviates({ alpha = 0.05, power = 0.8 }: Demands): number {
  const upper = power >= 0.5 ? normalCritical(2 * (1 - power)) : -normalCritical(2 * power);
  return (normalCritical(alpha) + upper) ** 2;
}

/**
 * Members each arm needs, rounded up: n_c = (z_α/2 + z_β)² · (p_c q_c + p_t q_t / ratio) / D², n_t = ratio · n_c.
 * https://www.itl.nist.gov/div898/handbook/prc/section2/prc242.htm (unpooled; 80,679 for 2 % and +10 %)
 *
 * @returns null where a rate would lie outside 0 to 1 (or both at 0), or the effect is none
 */
export function sampleSize({
  baseRate,
  effect,
  ratio = 1,
  ...demands
}: Plan): { control: number; treated: number } | null {
  const difference = baseRate * effect;
  const treatedRate = baseRate + difference;
  if (difference === 0 || !(ratio > 0) || baseRate > 1 || baseRate < 0 || treatedRate > 1 || treatedRate < 0)
    return null;
  const spread = baseRate * (1 - baseRate) + (treatedRate * (1 - treatedRate)) / ratio;
  const control = Math.ceil((squaredDeviates(demands) * spread) / difference ** 2);
  return { control, treated: Math.ceil(control * ratio) };
}

/** Arms as they are. */
export interface Arms extends Demands {
  /** Rate of the control, 0 to 1. */
  readonly baseRate: number;
  readonly control: number;
  readonly treated: number;
}

/**
 * The smallest rise of the rate, as an absolute difference, that arms of these sizes would show: the inverse of
 * {@link sampleSize}. With k = (z_α/2 + z_β)² and p the control's rate it solves
 * D²·(1 + k/n_t) - D·k(1 - 2p)/n_t - k·p(1 - p)(1/n_c + 1/n_t) = 0.
 *
 * @returns null where an arm is empty or no rise up to a rate of 1 would show
 */
export function minimumDetectable({ baseRate: p, control, treated, ...demands }: Arms): number | null {
  if (!(control > 0 && treated > 0 && p >= 0 && p <= 1)) return null;
  const k = squaredDeviates(demands);
  const a = 1 + k / treated;
  const b = (k * (1 - 2 * p)) / treated;
  const c = k * p * (1 - p) * (1 / control + 1 / treated);
  const difference = (b + Math.sqrt(b * b + 4 * a * c)) / (2 * a);
  return difference > 0 && p + difference <= 1 ? difference : null;
}

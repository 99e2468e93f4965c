import { eligibleTouches, type TouchOptions } from './eligible.ts';
import type { Conversion, Credit, RuleModel, Touch, Unattributed } from './types.ts';
import { weights } from './weights.ts';

/** Model and touches that count. */
export interface CreditOptions extends TouchOptions {
  readonly model: RuleModel;
  /** Milliseconds; `time_decay` only. @default seven days */
  readonly halfLife?: number;
}

/** The credits of a conversion in the order of its path, or none, and why. */
export interface Attributed {
  readonly credits: readonly Credit[];
  readonly reason: Unattributed | null;
}

/** Who gets how much of one conversion under a rule. Its money follows by `splitSeries` over these weights. */
export function creditConversion(
  conversion: Conversion,
  touches: readonly Touch[],
  options: CreditOptions,
): Attributed {
  const path = eligibleTouches(conversion, touches, options);
  const parts = weights(
    options.model,
    path.touches.map(({ age_ms }) => age_ms),
    options.halfLife,
  );
  return { credits: path.touches.map(({ touch }, i) => ({ touch, weight: parts[i] ?? 0 })), reason: path.reason };
}

/** A number with the interval that holds the truth in `confidence` of all samples (.95 unless said otherwise). */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * A difference, treated minus control, with interval and two-sided p-value from one method: `p` is one minus the
 * confidence at which an end of the interval is exactly 0, so p < .05 if and only if the 95 % interval leaves 0 out.
 */
export interface Difference extends Estimate {
  readonly p: number;
}

/** `count` of `of`: 2,070 converters of 90,000 subscribers. */
export interface Share {
  readonly count: number;
  readonly of: number;
}

/** What is done where nothing else is asked: 95 % intervals. */
export const CONFIDENCE = 0.95;

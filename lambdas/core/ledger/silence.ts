const HOUR = 3_600_000;
export const DAY_MS = 24 * HOUR;

/** How long nothing came, ms: the shortest suffices. Each is compared with the same hours of the days before. */
export const SILENCE_WINDOWS: readonly number[] = [HOUR, 6 * HOUR, 24 * HOUR];

/** Days that are compared: the last is the same weekday. */
export const COMPARED_DAYS = 7;

/**
 * Messages that a window holds of a source that speaks. Where eight are to be expected none come with a chance of 1 in 3,000
 * (Poisson: e^-8).
 */
export const SPEAKS = 8;

/** Days of {@link COMPARED_DAYS} on which it spoke: weekends and a day of trouble are let pass. */
const REGULAR_DAYS = 5;

/** Messages in one window of time, and in the same window one to seven days earlier; counting may end at {@link SPEAKS}. */
export interface Heard {
  readonly now: number;
  readonly before: readonly number[];
}

/**
 * Whether a source that normally speaks is silent: nothing now, but enough on most of the days before at the same hours, among them
 * on the same weekday. So nights, weekends and senders of a few messages a day are no alarm.
 */
export function isSilent({ now, before }: Heard): boolean {
  const speaks = (count: number | undefined) => (count ?? 0) >= SPEAKS;
  return now === 0 && speaks(before[COMPARED_DAYS - 1]) && before.filter(speaks).length >= REGULAR_DAYS;
}

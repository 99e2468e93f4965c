const HOUR = 3_600_000;
const LENGTHS: Readonly<Record<string, number>> = { h: HOUR, d: 24 * HOUR };

/** A touch may lie this far behind its conversion in time and still count, as of age 0: clocks of two companies differ. */
export const CLOCK_SKEW_MS = 60_000;

/** How windows are written: a number of hours or days. */
export const WINDOW_PATTERN = /^([1-9]\d{0,4})([hd])$/;

/** Milliseconds of a window such as `24h`, `7d` or `30d` (a day is 24 hours, not a calendar day); null for anything else. */
export function windowMs(text: string): number | null {
  const [, count, unit] = WINDOW_PATTERN.exec(text) ?? [];
  return count && unit ? Number(count) * (LENGTHS[unit] ?? 0) : null;
}

/** Age of a touch at a conversion; null where it came after, by more than clocks differ. */
export function ageAt(occurredAt: number, touchedAt: number): number | null {
  const age = occurredAt - touchedAt;
  return age < -CLOCK_SKEW_MS ? null : Math.max(0, age);
}

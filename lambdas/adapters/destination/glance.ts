import type { DestinationReport } from '../../core/destination/report.ts';

/** Looks at destinations: at length on demand, and shortly beside a save. */
export interface DestinationChecks {
  /** Takes up to five seconds and never throws. */
  readonly check: (url: string) => Promise<DestinationReport>;
  /** What is known in the time that a save has; null where nothing is. Never throws. */
  readonly glance: (url: string) => Promise<DestinationReport | null>;
}

/** What a check finds within this time, ms, or null. The check itself goes on and is not waited for. */
export async function withPatience(
  checking: Promise<DestinationReport>,
  patienceMs: number,
): Promise<DestinationReport | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs);
  });
  return Promise.race([checking, late]).finally(() => clearTimeout(timer));
}

import { checkDestination } from '../../lambdas/adapters/destination/check-destination.ts';
import { type DestinationChecks, withPatience } from '../../lambdas/adapters/destination/glance.ts';
import type { DestinationReport } from '../../lambdas/core/destination/report.ts';

/** How long a save waits, ms: a laptop may be offline, and a link should be there at once. */
const SAVE_PATIENCE_MS = 250;
/** How long saves do not look again after the network was silent, ms. */
const OFFLINE_MS = 60_000;
/** What a laptop without a network, or with one that answers for names it does not know, would say of every host. */
const SAYS_NOTHING: readonly string[] = ['unchecked', 'no_such_host', 'unreachable', 'slow'];

/**
 * The checks of the local mode, in this process. Beside a save only what is certain is told, and a silent network is not
 * asked again for a minute; on demand everything is told.
 * @param monotonicMs a clock that is not set by hand
 */
export function localChecks(
  monotonicMs: () => number,
  check: (url: string) => Promise<DestinationReport> = (url) => checkDestination(url),
): DestinationChecks {
  let silentUntil = 0;
  const glance = async (url: string) => {
    if (monotonicMs() < silentUntil) return null;
    const report = await withPatience(check(url), SAVE_PATIENCE_MS);
    if (report && !SAYS_NOTHING.includes(report.outcome)) return report;
    silentUntil = monotonicMs() + OFFLINE_MS;
    return null;
  };
  return { check, glance };
}

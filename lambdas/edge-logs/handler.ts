import type { LogGroups } from '../adapters/log-groups.ts';

export interface EdgeLogsServices {
  /** Regions every account can call; a failure there is a fault. */
  readonly alwaysOn: readonly string[];
  /** Regions an account may have switched off; that alone is no fault. */
  readonly optIn: readonly string[];
  readonly logGroupsIn: (region: string) => LogGroups;
  readonly isRegionOff: (error: unknown) => boolean;
  /** Log groups of the edge function begin with this. */
  readonly prefix: string;
  readonly retentionDays: number;
  readonly log: (event: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** What one run found, in log groups and regions. */
export interface EdgeLogsResult {
  readonly groups: number;
  readonly changed: number;
  readonly skippedRegions: readonly string[];
}

/**
 * Sets how long the edge function's logs are kept, in every region that served a visitor: Lambda makes those groups
 * by itself and without a limit. Groups that are right already are left alone.
 * @throws AggregateError after all regions were tried, where one failed
 */
export async function keepEdgeLogs(services: EdgeLogsServices): Promise<EdgeLogsResult> {
  const regions = [...services.alwaysOn, ...services.optIn];
  const settled = await Promise.allSettled(regions.map((region) => keepIn(region, services)));
  const failures: Error[] = [];
  const skippedRegions: string[] = [];
  let groups = 0;
  let changed = 0;
  settled.forEach((outcome, index) => {
    const region = regions[index] ?? '';
    if (outcome.status === 'fulfilled') {
      groups += outcome.value.groups;
      changed += outcome.value.changed;
    } else if (services.optIn.includes(region) && services.isRegionOff(outcome.reason)) skippedRegions.push(region);
    else failures.push(new Error(`${region}: ${messageOf(outcome.reason)}`));
  });
  services.log('edge-logs:kept', { groups, changed, skipped: skippedRegions.length, failed: failures.length });
  if (failures.length > 0)
    throw new AggregateError(
      failures,
      `log retention was not set in ${failures.map(({ message }) => message).join('; ')}`,
    );
  return { groups, changed, skippedRegions };
}

async function keepIn(region: string, { logGroupsIn, prefix, retentionDays }: EdgeLogsServices) {
  const logGroups = logGroupsIn(region);
  const found = await logGroups.list(prefix);
  const wrong = found.filter((group) => group.retentionDays !== retentionDays);
  for (const { name } of wrong) await logGroups.keep(name, retentionDays);
  return { groups: found.length, changed: wrong.length };
}

const messageOf = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error');

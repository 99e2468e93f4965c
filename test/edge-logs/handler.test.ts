import { describe, expect, it } from 'vitest';
import { isRegionOff, type LogGroup, type LogGroups } from '../../lambdas/adapters/log-groups.ts';
import { type EdgeLogsServices, keepEdgeLogs } from '../../lambdas/edge-logs/handler.ts';
import { alwaysOnRegions, optInRegions } from '../../lambdas/edge-logs/regions.ts';

const PREFIX = '/aws/lambda/us-east-1.Onehop-prod-';

class FakeLogGroups implements LogGroups {
  readonly kept: [string, number][] = [];
  readonly #groups: readonly LogGroup[] | Error;

  constructor(groups: readonly LogGroup[] | Error) {
    this.#groups = groups;
  }

  async list(prefix: string): Promise<readonly LogGroup[]> {
    if (this.#groups instanceof Error) throw this.#groups;
    return this.#groups.filter(({ name }) => name.startsWith(prefix));
  }

  async keep(name: string, retentionDays: number): Promise<void> {
    this.kept.push([name, retentionDays]);
  }
}

function named(name: string): Error {
  return Object.assign(new Error('refused'), { name });
}

function servicesOf(regions: Record<string, FakeLogGroups>, optIn: readonly string[] = []) {
  const logged: [string, Readonly<Record<string, unknown>>][] = [];
  const services: EdgeLogsServices = {
    alwaysOn: Object.keys(regions).filter((region) => !optIn.includes(region)),
    optIn,
    logGroupsIn: (region) => regions[region] ?? new FakeLogGroups([]),
    isRegionOff,
    prefix: PREFIX,
    retentionDays: 30,
    log: (event, facts) => logged.push([event, facts]),
  };
  return { services, logged };
}

describe('keepEdgeLogs', () => {
  it('sets the retention of the edge function’s groups in every region, and of no other group', async () => {
    const virginia = new FakeLogGroups([{ name: `${PREFIX}Redirect-a` }, { name: '/aws/lambda/us-east-1.Other' }]);
    const tokyo = new FakeLogGroups([{ name: `${PREFIX}Redirect-a`, retentionDays: 7 }]);
    const { services } = servicesOf({ 'us-east-1': virginia, 'ap-northeast-1': tokyo });
    expect(await keepEdgeLogs(services)).toEqual({ groups: 2, changed: 2, skippedRegions: [] });
    expect(virginia.kept).toEqual([[`${PREFIX}Redirect-a`, 30]]);
    expect(tokyo.kept).toEqual([[`${PREFIX}Redirect-a`, 30]]);
  });

  it('leaves a group alone that is right already', async () => {
    const region = new FakeLogGroups([{ name: `${PREFIX}Redirect-a`, retentionDays: 30 }]);
    const { services } = servicesOf({ 'us-east-1': region });
    expect(await keepEdgeLogs(services)).toEqual({ groups: 1, changed: 0, skippedRegions: [] });
    expect(region.kept).toEqual([]);
  });

  it('skips a region the account has not switched on', async () => {
    const { services } = servicesOf({ 'af-south-1': new FakeLogGroups(named('UnrecognizedClientException')) }, [
      'af-south-1',
    ]);
    expect(await keepEdgeLogs(services)).toEqual({ groups: 0, changed: 0, skippedRegions: ['af-south-1'] });
  });

  it('does the other regions and then fails, naming the region, where one refuses', async () => {
    const fine = new FakeLogGroups([{ name: `${PREFIX}Redirect-a` }]);
    const { services, logged } = servicesOf({
      'eu-west-1': new FakeLogGroups(named('AccessDeniedException')),
      'us-east-1': fine,
    });
    await expect(keepEdgeLogs(services)).rejects.toThrow('eu-west-1: AccessDeniedException');
    expect(fine.kept).toHaveLength(1);
    expect(logged).toEqual([['edge-logs:kept', { groups: 1, changed: 1, skipped: 0, failed: 1 }]]);
  });

  it('takes a missing permission in an opt-in region for a fault', async () => {
    const { services } = servicesOf({ 'af-south-1': new FakeLogGroups(named('AccessDeniedException')) }, [
      'af-south-1',
    ]);
    await expect(keepEdgeLogs(services)).rejects.toThrow('af-south-1');
  });
});

describe('regions', () => {
  it('names every region once', () => {
    const all = [...alwaysOnRegions, ...optInRegions];
    expect(new Set(all).size).toBe(all.length);
    expect(alwaysOnRegions).toContain('us-east-1');
  });
});

import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from '../../lib/config/parse-config.ts';
import repository from '../../onehop.config.ts';
import { CERTIFICATE, ZONE } from './synthesise.ts';

function faults(config: unknown): readonly string[] {
  try {
    parseConfig(config as never);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('config', () => {
  it('of the repository itself is empty and valid, with every default filled in', () => {
    expect(repository).toEqual({});
    expect(parseConfig(repository)).toMatchObject({
      stage: 'prod',
      domains: [],
      ipPolicy: 'hash',
      logRetentionDays: 30,
      retentionDays: { postbacks: 400 },
      streams: { shards: 1, regions: {} },
      edge: { putMs: 300, firstPutMs: 1_500, readMs: 1_000 },
      runtime: 'nodejs24.x',
    });
  });

  it('names every fault at once, with path, value and what to write instead', () => {
    const found = faults({
      stage: 'Prod!',
      domains: [
        { name: 'https://go.brand.com' },
        { name: 'go.brand.com', hostedZone: { id: 'Z0123456789ABCDEFGHIJ', name: 'other.com' } },
        { name: 'two.brand.com', hostedZone: ZONE, certificateArn: CERTIFICATE },
      ],
      replicaRegions: ['us-east-1', 'mars'],
      streams: { regions: { 'eu-west-1': 0 } },
      ipPolicy: 'none',
      logRetentionDays: 31,
      retentionDays: { clicks: 0, postbacks: 179 },
      alarmEmail: 'nobody',
      colour: 'red',
    });
    const all = found.join('\n');
    for (const path of [
      'stage',
      'domains[0].name',
      'domains[1]',
      'domains[2]',
      'replicaRegions[0]',
      'replicaRegions[1]',
      'streams.regions',
      'ipPolicy',
      'logRetentionDays',
      'retentionDays.clicks',
      'retentionDays.postbacks is 179: write a whole number of days, at least 180',
      'alarmEmail',
      'colour',
    ])
      expect(all).toContain(path);
    expect(all).toContain('"Prod!"');
    expect(all).toMatch(/write one of hash, truncate, full/);
  });

  it.each([
    [
      'a domain twice',
      {
        domains: [
          { name: 'a.brand.com', hostedZone: ZONE },
          { name: 'a.brand.com', hostedZone: ZONE },
        ],
      },
      /domains\[1\]\.name.*already/,
    ],
    ['a default that is no domain', { defaultDomain: 'x.brand.com' }, /defaultDomain.*one of the domains/],
    [
      'an API on a short domain',
      { domains: [{ name: 'a.brand.com', hostedZone: ZONE }], apiDomain: { name: 'a.brand.com', hostedZone: ZONE } },
      /apiDomain\.name/,
    ],
    ['neither zone nor certificate', { domains: [{ name: 'a.brand.com' }] }, /exactly one of hostedZone/],
    [
      'a certificate of another region',
      { domains: [{ name: 'a.brand.com', certificateArn: CERTIFICATE.replace('us-east-1', 'eu-west-1') }] },
      /us-east-1/,
    ],
    [
      'a fallback that is no URL',
      { domains: [{ name: 'a.brand.com', hostedZone: ZONE, fallbackUrl: 'brand.com' }] },
      /absolute http or https URL/,
    ],
    [
      'a fallback that leads in circles',
      { domains: [{ name: 'a.brand.com', hostedZone: ZONE, fallbackUrl: 'https://a.brand.com/x' }] },
      /domains\[0\]\.fallbackUrl.*circles/,
    ],
  ])('refuses %s', (_, config, message) => expect(faults(config).join('\n')).toMatch(message));

  it('takes a stage from the command line, and what a destroy of that very stage left', () => {
    const kept = { dev: { linksTable: 'kept-links' }, prod: { linksTable: 'prod-links' } };
    expect(parseConfig({}, { stage: 'dev', kept }).adopt).toEqual({ linksTable: 'kept-links' });
    expect(parseConfig({ adopt: { bucket: 'mine-own' } }, { kept }).adopt).toEqual({ bucket: 'mine-own' });
    expect(parseConfig({}, { stage: 'other', kept }).adopt).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { parseKeyring } from '../../../lambdas/core/keyring.ts';
import { preferredLanguage, referrerHost, visitorParams } from '../../../lambdas/core/redirect/tap-request.ts';
import { addressOf, effectivePolicy, keepAddress, networkOf } from '../../../lambdas/core/redirect/visitor-address.ts';

const key = parseKeyring(JSON.stringify({ key_1: 'k'.repeat(64) })).minting(0);
const NOON = Date.parse('2026-06-01T12:00:00Z');

describe('address', () => {
  it.each([
    ['203.0.113.9:4711', '203.0.113.9'],
    ['2001:db8::7:4711', '2001:db8::7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
  ])('%s is %s without its port', (viewer, address) => expect(addressOf(viewer)).toBe(address));

  it.each([
    ['203.0.113.9', '203.0.113.0/24'],
    ['2001:DB8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['nonsense', null],
  ])('network of %s is %s', (address, network) => expect(networkOf(address)).toBe(network));

  it('keeps what the policy allows and no more', () => {
    const kept = (policy: 'hash' | 'truncate' | 'full') => keepAddress('203.0.113.9', policy, NOON, key);
    expect(kept('truncate')).toEqual({ ip: null, ip_hash: null, ip_prefix: '203.0.113.0/24' });
    expect(kept('hash')).toEqual({
      ip: null,
      ip_hash: expect.stringMatching(/^[\w-]{22}$/),
      ip_prefix: '203.0.113.0/24',
    });
    expect(kept('full')).toMatchObject({ ip: '203.0.113.9' });
    expect(keepAddress('203.0.113.9', 'hash', NOON, null).ip_hash).toBeNull();
    expect(keepAddress(null, 'full', NOON, key)).toEqual({ ip: null, ip_hash: null, ip_prefix: null });
  });

  it('hashes anew every UTC day and for every address', () => {
    const hashed = (address: string, now: number) => keepAddress(address, 'hash', now, key).ip_hash;
    expect(hashed('203.0.113.9', NOON)).toBe(hashed('203.0.113.9', NOON + 3_600_000));
    expect(hashed('203.0.113.9', NOON)).not.toBe(hashed('203.0.113.9', NOON + 86_400_000));
    expect(hashed('203.0.113.9', NOON)).not.toBe(hashed('203.0.113.8', NOON));
  });

  it('lets the account be stricter than the deployment, never looser, and is strictest where it cannot know', () => {
    expect(effectivePolicy('full', 'truncate')).toBe('truncate');
    expect(effectivePolicy('hash', 'full')).toBe('hash');
    expect(effectivePolicy('full', null)).toBe('full');
    expect(effectivePolicy('full', 'unreadable')).toBe('truncate');
  });
});

describe('headers and query', () => {
  it.each([
    ['de-DE,de;q=0.9,en;q=0.8', 'de-de'],
    ['en;q=0.5, fr', 'fr'],
    ['*', null],
    ['en;q=0', null],
    [null, null],
  ])('of %j the visitor prefers %j', (header, tag) => expect(preferredLanguage(header)).toBe(tag));

  it('keeps repeated names and odd ones', () => {
    expect(JSON.parse(visitorParams('a=1&b=x%20y&a=2&__proto__=p') ?? '')).toEqual(
      JSON.parse('{"a":["1","2"],"b":"x y","__proto__":"p"}'),
    );
    expect(visitorParams('')).toBeNull();
    expect(visitorParams('%ff=%')).toContain('%');
  });

  it('takes the host of a referrer', () => {
    expect(referrerHost('https://News.Example/a?b')).toBe('news.example');
    expect(referrerHost('nonsense')).toBeNull();
    expect(referrerHost(null)).toBeNull();
  });
});

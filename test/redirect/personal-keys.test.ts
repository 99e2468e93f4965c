import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEY_REFRESH_MS } from '../../lambdas/adapters/edge/key-store.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { decodeCode, mintCodes } from '../../lambdas/core/personal-code.ts';
import { promoCode } from '../../lambdas/core/promo-code.ts';
import { NOW, startEdge } from './harness.ts';
import { KEYS, key, MINTED, PLAIN, tapOn } from './personal-taps.ts';

let edge: Awaited<ReturnType<typeof startEdge>>;
beforeEach(async () => {
  edge = await startEdge();
});
afterEach(() => edge.close());

const FALLBACK = { fallbackUrl: 'https://brand.example/' };
const last = () => edge.clicks().at(-1);

describe('keys', () => {
  it('that cannot be read stop personal codes, not slugs, and the row says so', async () => {
    edge.state.failing.add('secretsmanager');
    edge.personalLink(7, PLAIN, MINTED);
    edge.link('x', PLAIN);
    expect(await edge.location({ ...tapOn(7, 1), config: FALLBACK })).toBe('https://brand.example/');
    const row = { outcome: 'fallback:unavailable', outcome_detail: 'keys', code_kind: 'personal', key_id: 0 };
    expect(last()).toMatchObject({ ...row, link_no: null, subscriber_no: null });
    expect((await edge.tap(tapOn(7, 1))).status).toBe('503');
    expect(await edge.location()).toBe('https://shop.example/');
    edge.state.failing.clear();
    edge.state.now += 5_000;
    expect(await edge.location(tapOn(7, 1))).toBe('https://shop.example/');
  });

  it('rotate under a live instance: old codes go on, new ones join, click ids change at the named time', async () => {
    edge.personalLink(7, PLAIN, MINTED);
    await edge.tap(tapOn(7, 1));
    const from = NOW + 2 * KEY_REFRESH_MS;
    edge.state.secret = JSON.stringify({
      key_1: KEYS.key_1,
      key_2: KEYS.key_2,
      key_2_from: new Date(from).toISOString(),
    });
    for (edge.state.now = NOW; edge.state.now < from; edge.state.now += 60_000) await edge.tap(tapOn(7, 2));
    expect(new Set(edge.clicks().map(({ key_id }) => key_id))).toEqual(new Set([1]));
    edge.state.now = from;
    edge.personalLink(8, PLAIN, { code_key: 2, subscriber_max: 10 });
    for (const tap of [tapOn(7, 3), tapOn(8, 4, 2)]) expect(await edge.location(tap)).toBe('https://shop.example/');
    expect(
      edge
        .clicks()
        .slice(-2)
        .map(({ key_id, subscriber_no }) => [key_id, subscriber_no]),
    ).toEqual([
      [2, 3],
      [2, 4],
    ]);
    expect(edge.keyReads()).toBeLessThanOrEqual(4);
  });

  it('are read again at once for a code of a key that is not known yet', async () => {
    edge.personalLink(7, PLAIN, { code_key: 2, subscriber_max: 10 });
    edge.link('x', PLAIN);
    await edge.tap();
    edge.state.secret = JSON.stringify({ key_1: KEYS.key_1, key_2: KEYS.key_2, key_2_from: '2030-01-01T00:00:00Z' });
    edge.state.now += 30_000;
    expect(await edge.location(tapOn(7, 3, 2))).toBe('https://shop.example/');
    expect(edge.keyReads()).toBe(2);
  });

  it('that were retired read no code any more', async () => {
    edge.personalLink(7, PLAIN, MINTED);
    edge.state.secret = JSON.stringify({ key_2: KEYS.key_2 });
    await edge.tap(tapOn(7, 1));
    expect(last()).toMatchObject({ outcome_detail: 'forged_code', key_id: 2 });
  });

  it('may both read a code: the one whose link was minted with it counts', async () => {
    edge.state.secret = JSON.stringify({ key_1: KEYS.key_1, key_2: KEYS.key_2 });
    const both = parseKeyring(edge.state.secret);
    const subscriberNos = Array.from({ length: 16_000 }, (_, index) => index + 1);
    const code = mintCodes(7, subscriberNos, key(1)).find((each) => decodeCode(each, both).length === 2);
    edge.personalLink(7, PLAIN, { code_key: 1, subscriber_max: 16_000 });
    expect(await edge.location({ path: `/${code}` })).toBe('https://shop.example/');
    expect(last()).toMatchObject({ link_no: 7, code_kind: 'personal' });
  });
});

describe('the promo code of a subscriber', () => {
  const promo = { prefix: 'WELCOME', type: 'percentage', value: '10' };
  const SHOP = { destination: 'https://shop.example/?a=1&coupon={promo_code}', params: {}, campaign_id: 'c' };

  it('stands in the destination, with the key the campaign keeps', async () => {
    edge.state.secret = JSON.stringify(KEYS);
    edge.campaign('c', { promo }, { promo_state: { no: 3, key: 2 } });
    edge.personalLink(7, SHOP, MINTED);
    const expected = promoCode({ campaignNo: 3, subscriberNo: 5 }, key(2), 'WELCOME');
    expect(await edge.location(tapOn(7, 5))).toBe(`https://shop.example/?a=1&coupon=${expected}`);
  });

  it('may stand in a parameter and in a fallback', async () => {
    edge.campaign(
      'c',
      { promo, fallback_url: 'https://late.example/{promo_code}' },
      { promo_state: { no: 3, key: 1 } },
    );
    edge.personalLink(7, { ...PLAIN, campaign_id: 'c', params: { coupon: 'x-{promo_code}' } }, MINTED);
    edge.personalLink(8, { ...PLAIN, campaign_id: 'c', status: 'paused' }, MINTED);
    const expected = promoCode({ campaignNo: 3, subscriberNo: 5 }, key(1), 'WELCOME');
    expect(await edge.location(tapOn(7, 5))).toBe(`https://shop.example/?coupon=x-${expected}`);
    expect(await edge.location(tapOn(8, 5))).toBe(`https://late.example/${expected}`);
  });

  it.each([
    ['a campaign without promo', {}, { promo_state: { no: 3, key: 1 } }],
    ['a campaign whose promo codes were never minted', { promo }, {}],
    ['a key that cannot be had', { promo }, { promo_state: { no: 3, key: 9 } }],
    ['a number nobody gave', { promo }, { promo_state: { no: 0.5, key: 1 } }],
  ])('is left out for %s', async (_, fields, state) => {
    edge.campaign('c', fields, state);
    edge.personalLink(7, SHOP, MINTED);
    expect(await edge.location(tapOn(7, 5))).toBe('https://shop.example/?a=1');
  });

  it('is nobody’s on a slug', async () => {
    edge.campaign('c', { promo }, { promo_state: { no: 3, key: 1 } });
    edge.link('x', SHOP);
    expect(await edge.location()).toBe('https://shop.example/?a=1');
  });
});

it('no key, or part of one, is in a record, a log line or a setting', async () => {
  edge.state.secret = JSON.stringify({ key_1: 'Zq7'.repeat(22), key_2: 'broken' });
  edge.personalLink(7, PLAIN, MINTED);
  await edge.tap(tapOn(7, 1));
  edge.state.secret = JSON.stringify({ key_1: 'Zq7'.repeat(22) });
  edge.state.now += 60_000;
  await edge.tap(tapOn(7, 1));
  const written = JSON.stringify([edge.clicks(), edge.state.output, edge.aws.calls.map(({ headers }) => headers)]);
  expect(edge.state.output.join('')).toContain('keys_unreadable');
  expect(written).not.toMatch(/Zq7Zq7|broken/);
});

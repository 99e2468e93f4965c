import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEY_REFRESH_MS } from '../../lambdas/adapters/edge/key-store.ts';
import { verifyClickId } from '../../lambdas/core/click-id.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { decodeCode, mintCode, mintCodes } from '../../lambdas/core/personal-code.ts';
import { promoCode } from '../../lambdas/core/promo-code.ts';
import { NOW, startEdge } from './harness.ts';

let edge: Awaited<ReturnType<typeof startEdge>>;
beforeEach(async () => {
  edge = await startEdge();
});
afterEach(() => edge.close());

const KEYS = { key_1: 'a'.repeat(64), key_2: 'b'.repeat(64), key_3: 'c'.repeat(64) };
const keyring = parseKeyring(JSON.stringify(KEYS));
const key = (id: number) => keyring.byId.get(id) ?? keyring.minting(0);
const codeOf = (linkNo: number, subscriberNo: number, keyId = 1) => mintCode({ linkNo, subscriberNo }, key(keyId));
const tapOn = (linkNo: number, subscriberNo: number, keyId = 1) => ({
  path: `/${codeOf(linkNo, subscriberNo, keyId)}`,
});
const FALLBACK = { fallbackUrl: 'https://brand.example/' };
const PLAIN = { destination: 'https://shop.example/', params: {} };
const MINTED = { code_key: 1, subscriber_max: 1_000 };
const last = () => edge.clicks().at(-1);

describe('a tap on a personal code', () => {
  it('is one 302 and one row that knows the subscriber', async () => {
    edge.personalLink(7, { destination: 'https://shop.example/{subscriber_no}', campaign_id: 'c' }, MINTED);
    edge.campaign('c', {});
    const location = await edge.location(tapOn(7, 99));
    expect(location).toMatch(/^https:\/\/shop\.example\/99\?click_id=/);
    expect(last()).toMatchObject({
      code: codeOf(7, 99),
      code_kind: 'personal',
      link_no: 7,
      subscriber_no: 99,
      campaign_id: 'c',
      outcome: 'redirected',
    });
    expect(verifyClickId(last()?.click_id ?? '', keyring)).toMatchObject({ ok: true, linkNo: 7, subscriberNo: 99 });
  });

  it('reads its link in the same round as settings and domain, and nothing for the next subscriber', async () => {
    edge.personalLink(7, PLAIN, MINTED);
    await edge.tap(tapOn(7, 1));
    expect(edge.keysRead()).toEqual([['settings', 'domain#go.brand.com', 'domain#default', 'link#7']]);
    for (let subscriberNo = 2; subscriberNo <= 100; subscriberNo++) await edge.tap(tapOn(7, subscriberNo));
    expect([edge.reads(), edge.keyReads()]).toEqual([1, 1]);
    expect(edge.clicks().map(({ subscriber_no }) => subscriber_no)).toEqual([...Array(100).keys()].map((n) => n + 1));
  });

  it('obeys the state of the link and keeps the subscriber in the row', async () => {
    edge.personalLink(7, { ...PLAIN, status: 'paused', fallback_url: 'https://later.example/' }, MINTED);
    expect(await edge.location(tapOn(7, 5))).toBe('https://later.example/');
    expect(last()).toMatchObject({ outcome: 'fallback:paused', code_kind: 'personal', link_no: 7, subscriber_no: 5 });
  });

  it('has the same arm of a split at every tap, and another subscriber may have another', async () => {
    const split = ['a', 'b'].map((creative) => ({ destination: `https://${creative}.example/`, weight: 1, creative }));
    edge.personalLink(7, { ...PLAIN, split }, MINTED);
    for (let round = 0; round < 2; round++)
      for (let subscriberNo = 1; subscriberNo <= 200; subscriberNo++) await edge.tap(tapOn(7, subscriberNo));
    const arms = edge.clicks().map(({ creative }) => creative);
    expect(arms.slice(0, 200)).toEqual(arms.slice(200));
    expect(arms.filter((arm) => arm === 'a').length / 400).toBeGreaterThan(0.4);
    expect(arms.filter((arm) => arm === 'b').length / 400).toBeGreaterThan(0.4);
  });

  it('answers on its own domain only, where it has one', async () => {
    edge.personalLink(7, { ...PLAIN, domain: 'two.brand.com' }, MINTED);
    expect((await edge.tap(tapOn(7, 5))).status).toBe('404');
    expect(last()).toMatchObject({ outcome: 'fallback:unknown', outcome_detail: 'other_domain', link_no: null });
    const two = { headers: { host: 'two.brand.com' }, config: { domain: 'two.brand.com' } };
    expect(await edge.location({ ...tapOn(7, 5), ...two })).toBe('https://shop.example/');
  });
});

describe('a wrong personal code', () => {
  const refused = async (path: string) => {
    expect(await edge.location({ path, config: FALLBACK })).toBe('https://brand.example/');
    expect(last()).toMatchObject({ code_kind: 'unknown', outcome: 'fallback:unknown', subscriber_no: null });
    return last()?.outcome_detail;
  };

  it('says why it leads nowhere', async () => {
    edge.personalLink(7, PLAIN, MINTED);
    edge.personalLink(8, PLAIN);
    edge.personalLink(9, { ...PLAIN, personal: false, slug: 'x' }, MINTED);
    expect(await refused('/abcdefgh1')).toBe('forged_code');
    expect(await refused(`/${codeOf(6, 5)}`)).toBe('no_such_link');
    expect(await refused(`/${codeOf(9, 5)}`)).toBe('no_such_link');
    expect(await refused(`/${codeOf(8, 5)}`)).toBe('not_minted');
    expect(await refused(`/${codeOf(7, 1_001)}`)).toBe('not_minted');
    edge.state.secret = JSON.stringify(KEYS);
    edge.restart();
    expect(await refused(`/${codeOf(7, 5, 2)}`)).toBe('not_minted');
  });

  it('is one with any one character changed', async () => {
    edge.personalLink(7, PLAIN, { ...MINTED, subscriber_max: 2 ** 24 });
    const code = codeOf(7, 99);
    for (let at = 0; at < code.length; at++) {
      const changed = code.slice(0, at) + (code[at] === 'x' ? 'y' : 'x') + code.slice(at + 1);
      expect(await refused(`/${changed}`)).toMatch(/forged_code|no_such_link/);
    }
  });

  it('costs no read beyond the link, and the keys are not asked for each of them', async () => {
    edge.personalLink(7, PLAIN, MINTED);
    await edge.tap(tapOn(7, 1));
    for (let tap = 0; tap < 200; tap++) await edge.tap({ path: `/abcdef${100 + tap}` });
    expect(
      edge
        .keysRead()
        .flat()
        .filter((each) => each.startsWith('link#')).length,
    ).toBeLessThan(4);
    expect(edge.keyReads()).toBe(1);
    edge.state.now += 30_000;
    for (let tap = 0; tap < 50; tap++) await edge.tap({ path: `/abcdef${100 + tap}` });
    expect(edge.keyReads()).toBe(2);
  });
});

describe('minting and tapping at once', () => {
  it('reads the link again for a subscriber it does not know, at most once a second', async () => {
    edge.personalLink(7, PLAIN, MINTED);
    await edge.tap(tapOn(7, 1));
    for (let tap = 0; tap < 20; tap++) await edge.tap(tapOn(7, 1_001 + tap));
    expect([edge.reads(), last()?.outcome_detail]).toEqual([1, 'not_minted']);
    edge.personalLink(7, PLAIN, { ...MINTED, subscriber_max: 1_010 });
    edge.state.now += 1_000;
    await Promise.all(Array.from({ length: 20 }, (_, tap) => edge.tap(tapOn(7, 1_001 + tap))));
    expect(edge.reads()).toBe(2);
    const served = edge
      .clicks()
      .slice(-20)
      .filter(({ outcome }) => outcome === 'redirected');
    expect(served.map(({ subscriber_no }) => subscriber_no).sort()).toEqual(
      [...Array(10).keys()].map((n) => 1_001 + n),
    );
  });

  it('refuses such a subscriber by what is known while the store is down', async () => {
    edge.personalLink(7, PLAIN, MINTED);
    await edge.tap(tapOn(7, 1));
    edge.state.failing.add('dynamodb');
    edge.state.now += 2_000;
    await edge.tap(tapOn(7, 1_001));
    expect(last()?.outcome_detail).toBe('not_minted');
    expect(await edge.location(tapOn(7, 1_000))).toBe('https://shop.example/');
  });
});

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

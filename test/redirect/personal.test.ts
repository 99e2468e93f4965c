import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyClickId } from '../../lambdas/core/click-id.ts';
import { startEdge } from './harness.ts';
import { codeOf, KEYS, keyring, MINTED, PLAIN, tapOn } from './personal-taps.ts';

let edge: Awaited<ReturnType<typeof startEdge>>;
beforeEach(async () => {
  edge = await startEdge();
});
afterEach(() => edge.close());

const FALLBACK = { fallbackUrl: 'https://brand.example/' };
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

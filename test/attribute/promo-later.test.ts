import { afterEach, beforeEach, expect, it } from 'vitest';
import { processMessages } from '../../lambdas/adapters/attribution/process.ts';
import type { Matcher } from '../../lambdas/adapters/matcher.ts';
import { ledgerIndex } from '../../lambdas/contract/keys.ts';
import { promoCode } from '../../lambdas/core/promo-code.ts';
import { createSweep } from '../../lambdas/sweep/handler.ts';
import { type Api, listOf, minted, newLink, put } from '../api/mint.ts';
import { startApi } from '../support/api.ts';
import { allOf, latest, messageTo, promoKey } from '../support/ledger.ts';

// Over the real API: a campaign gives codes out, loses its prefix by a change, and gets it back.

const PROMO = { prefix: 'WELCOME', type: 'percentage', value: '10' };
const MINUTE = 60_000;
let api: Api;
let codes: readonly string[];
beforeEach(async () => {
  api = await startApi();
  await put(api, 'sources/shop', { profile: 'generic' });
  await put(api, 'campaigns/welcome', { promo: PROMO });
  const linkNo = await newLink(api, { campaign_id: 'welcome' });
  codes = (await minted(api, linkNo, listOf('s', 4))).map(({ promo_code }) => promo_code ?? '');
});
afterEach(() => api.close());

/** Orders with these parameters each, as the shop tells them and a worker takes them. */
async function order(...all: Record<string, string>[]): Promise<void> {
  const messages = all.map((given) =>
    messageTo('shop', { query: String(new URLSearchParams({ amount: '5', currency: 'USD', ...given })) }),
  );
  const outcomes = await processMessages(messages, api.services.ledger);
  expect(outcomes.filter((outcome) => 'error' in outcome)).toEqual([]);
}

const told = (): Record<string, unknown[]> =>
  Object.fromEntries(
    latest(api.streams.rows.conversions).map(({ order_id, match, subscriber_id, campaign_id, version }) => [
      order_id,
      [match, subscriber_id, campaign_id, version],
    ]),
  );

async function sweepLater() {
  api.clock.now += 2 * MINUTE;
  return createSweep(api.services.ledger.services)();
}

/** Codes that conversions wait for, by the prefix they were typed with. */
async function waiting(prefix: string) {
  const value = `unmatched#promo#welcome#${prefix}`;
  const partition = { name: 'kind', value };
  return (await api.services.ledgerTable.query({ index: ledgerIndex.byKind, partition, limit: 100 })).items;
}

const typedBadly = (code: string) => ` ${code.toLowerCase().replace(/0/g, 'o').replace(/1/g, 'l').replace('-', ' ')}`;

it('matches orders with codes given out as soon as their campaign has the prefix back, however they were typed', async () => {
  await put(api, 'campaigns/welcome', { name: 'Welcome' });
  const [a = '', b = '', c = ''] = codes;
  await order(
    { order_id: '1', promo_code: a },
    { order_id: '2', promo_code: typedBadly(b) },
    { order_id: '3', promo_code: b.replaceAll('-', '') },
    { order_id: '4', promo_code: c, subscriber_id: 's3' },
  );
  const nobody = ['none', null, null, 1];
  expect(told()).toEqual({ 1: nobody, 2: nobody, 3: nobody, 4: ['identity', 's3', null, 1] });
  expect(await sweepLater()).toMatchObject({ matched: 0 });
  await put(api, 'campaigns/welcome', { promo: { ...PROMO, prefix: 'SUMMER' } });
  expect(await sweepLater()).toMatchObject({ matched: 0 });
  await put(api, 'campaigns/welcome', { promo: PROMO });
  await order({ order_id: '5', promo_code: a });
  expect(await sweepLater()).toMatchObject({ matched: 4 });
  expect(told()).toEqual({
    1: ['promo_code', 's0', 'welcome', 2],
    2: ['promo_code', 's1', 'welcome', 2],
    3: ['promo_code', 's1', 'welcome', 2],
    4: ['promo_code', 's2', 'welcome', 2],
    5: ['promo_code', 's0', 'welcome', 1],
  });
  expect(await waiting('WE1C0ME')).toEqual([]);
  expect(await sweepLater()).toMatchObject({ matched: 0 });
});

it('matches an order whose code stands behind a coupon of the shop', async () => {
  await put(api, 'sources/woo', { profile: 'woocommerce', currency: 'USD' });
  await put(api, 'campaigns/welcome', {});
  const [code = ''] = codes;
  const coupon_lines = [{ code: 'freeship' }, { code: code.toLowerCase() }];
  const json = { id: 1, status: 'processing', total: '9', date_created_gmt: '2026-06-01T11:00:00', coupon_lines };
  const headers = { 'x-wc-webhook-topic': 'order.created' };
  await processMessages([messageTo('woo', { headers, json })], api.services.ledger);
  expect(told()).toEqual({ 1: ['none', null, null, 1] });
  await put(api, 'campaigns/welcome', { promo: PROMO });
  expect(await sweepLater()).toMatchObject({ matched: 1 });
  expect(told()).toEqual({ 1: ['promo_code', 's0', 'welcome', 2] });
  expect(latest(api.streams.rows.conversions)).toMatchObject([{ promo_code: code.toLowerCase() }]);
  expect(await waiting('WE1C0ME')).toEqual([]);
});

it('misses no order that comes while the prefix is being given back', async () => {
  await put(api, 'campaigns/welcome', {});
  const { ledger } = api.services;
  const [early = '', late = ''] = codes;
  // One comes after the change was noted and before it is written …
  const { jobs } = ledger;
  const note = jobs.addPromo.bind(jobs);
  Object.assign(jobs, {
    addPromo: async (promo: Parameters<typeof note>[0]) => {
      await note(promo);
      await order({ order_id: 'noted', promo_code: early });
    },
  });
  // … and a worker has looked for the other's meaning before that, and saves it afterwards.
  const match: Matcher['match'] = async (keys, id) => {
    const found = await ledger.matcher.match(keys, id);
    await put(api, 'campaigns/welcome', { promo: PROMO });
    return found;
  };
  const slow = { ...ledger, matcher: Object.assign(Object.create(ledger.matcher), { match }) };
  const query = String(new URLSearchParams({ order_id: 'slow', amount: '5', currency: 'USD', promo_code: late }));
  await processMessages([messageTo('shop', { query })], slow);
  expect(told()).toEqual({ noted: ['none', null, null, 1], slow: ['none', null, null, 1] });
  expect(await sweepLater()).toMatchObject({ matched: 2 });
  expect(told()).toEqual({
    noted: ['promo_code', 's0', 'welcome', 2],
    slow: ['promo_code', 's1', 'welcome', 2],
  });
});

it('notes nothing where no code gets another meaning', async () => {
  await put(api, 'campaigns/fresh', { promo: PROMO });
  await put(api, 'campaigns/welcome', { name: 'Welcome', promo: { ...PROMO, value: '15' } });
  await put(api, 'campaigns/welcome', {});
  const jobs = await allOf(api.services.ledger.jobs.before(api.clock.now));
  expect(jobs.filter(({ promo }) => promo !== null)).toEqual([]);
});

it('waits for no code that can never name anybody: a coupon, a mistyped one, a guess', async () => {
  const [code = ''] = codes;
  const { matcher } = api.services.ledger;
  const nobody = { subscriber_id: null, customer: null, email: null, phone: null, address_reason: null };
  const keys = { click: null, click_reason: null, ...nobody };
  const waitsOf = async (promo_code: string) => (await matcher.resolve({ ...keys, promo_code })).waits;
  const mistyped = `${code.slice(0, -1)}${code.endsWith('2') ? '3' : '2'}`;
  const guess = promoCode({ campaignNo: 1, subscriberNo: 999 }, promoKey, 'HELLO');
  for (const text of ['SUMMER10', 'SUMMER-YJX82PS22', mistyped, guess, code])
    expect(await waitsOf(text), text).toEqual([]);
  expect(await waitsOf(code.replace('WELCOME', 'Hello'))).toEqual([{ kind: 'promo', value: 'welcome#HE110#1' }]);
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashIdentity, parseHomeKeys } from '../../lambdas/core/home-keys.ts';
import { promoCode } from '../../lambdas/core/promo-code.ts';
import { HOME_SECRET } from '../support/api.ts';
import {
  clickId,
  emailHash,
  matchOf,
  messageTo,
  NOW,
  promoKey,
  startLedger,
  type TestLedger,
} from '../support/ledger.ts';

let account: TestLedger;
beforeEach(async () => {
  account = await startLedger();
  await account.addSource('site', { profile: 'generic' });
  await account.addLink(7, { campaign_id: 'summer', message_id: 'm-1', creative: 'v2' });
  await account.addPromoCampaign('welcome', 'WELCOME', { no: 3, key: promoKey.id });
  await account.addSubscriber('anna', 42, { email: emailHash('anna@example.com') });
  await account.addSubscriber('bob', 43, { email: emailHash('bob@example.com') });
});
afterEach(() => account.close());

const CODE = (subscriberNo: number, prefix = 'WELCOME', campaignNo = 3) =>
  promoCode({ campaignNo, subscriberNo }, promoKey, prefix);

const WHO = {
  'a click of a subscriber': [{ click_id: clickId(7, 42) }, 'click_id', 'anna', 'summer'],
  'a click on a slug': [{ click_id: clickId(7, 0), email: 'bob@example.com' }, 'click_id', null, 'summer'],
  'a click on a link that is gone': [{ click_id: clickId(8, 42) }, 'click_id', 'anna', null],
  'a promo code': [{ promo_code: CODE(43) }, 'promo_code', 'bob', 'welcome'],
  'a promo code as people type it': [
    { promo_code: CODE(43).toLowerCase().replace('-', ' ') },
    'promo_code',
    'bob',
    'welcome',
  ],
  'an id of the list': [{ subscriber_id: 'anna' }, 'identity', 'anna', null],
  'an address': [{ email: ' Bob@Example.com ' }, 'identity', 'bob', null],
  'an address beside a code of nobody': [{ promo_code: CODE(999), email: 'bob@example.com' }, 'identity', 'bob', null],
} as const;

describe('whose an order is', () => {
  it.each(Object.entries(WHO))('%s', async (_, [parameters, match, subscriber_id, campaign_id]) => {
    expect(await matchOf(account, parameters)).toMatchObject({
      match,
      subscriber_id,
      campaign_id,
      match_conflict: false,
      unmatched_reason: null,
    });
  });

  it.each([
    [{}, 'no_click_id'],
    [{ click_id: `${clickId(7, 42).slice(0, -1)}~` }, 'click_id_malformed'],
    [{ promo_code: 'SUMMER10' }, 'promo_code_unknown'],
    [{ promo_code: CODE(43, 'OTHER') }, 'promo_code_unknown'],
    [{ promo_code: CODE(43, 'WELCOME', 4) }, 'promo_code_unknown'],
    [{ email: 'carol@example.com' }, 'identity_unknown'],
  ])('%j names nobody: %s', async (parameters, unmatched_reason) => {
    expect(await matchOf(account, parameters)).toMatchObject({ match: 'none', unmatched_reason, subscriber_no: null });
  });

  it('lets the higher key win where two name different people, and says so', async () => {
    const row = await matchOf(account, { click_id: clickId(7, 42), promo_code: CODE(43), email: 'bob@example.com' });
    expect(row).toMatchObject({ match: 'click_id', subscriber_no: 42, match_conflict: true });
    expect(row).toMatchObject({ identity_subscriber_no: 43, email_hash: emailHash('bob@example.com') });
  });

  it('believes the message that arrived first where two name different people, whichever is processed first', async () => {
    await account.addSubscriber('carol', 44, { email: emailHash('carol@example.com') });
    const report = (order: number, email: string, received_at: number) =>
      messageTo('site', {
        query: new URLSearchParams({ order_id: `${order}`, amount: '5', email }).toString(),
        received_at,
      });
    for (const order of [1, 2]) {
      const messages = [report(order, 'bob@example.com', NOW), report(order, 'carol@example.com', NOW + 1)];
      for (const message of order === 1 ? messages : messages.toReversed()) await account.process(message);
    }
    expect(account.rows().map(({ order_id, subscriber_id }) => [order_id, subscriber_id])).toEqual([
      ['1', 'bob'],
      ['2', 'bob'],
    ]);
  });

  it('believes e-mail and phone before the customer id, since another shop counts its own', async () => {
    const home = parseHomeKeys(HOME_SECRET);
    const phone = hashIdentity('phone', '+12025550143', home);
    await account.addSubscriber('carol', 44, { phone, customer: hashIdentity('customer', '5', home) });
    await account.addSource('second', { profile: 'woocommerce' });
    await account.addSource('mute', { profile: 'woocommerce', params: { customer_id: 'none' } });
    const order = (source: string, id: number, billing: object) =>
      messageTo(source, {
        headers: { 'x-wc-webhook-topic': 'order.created' },
        json: { id, total: '80.00', currency: 'USD', customer_id: 5, billing },
      });
    await account.process(
      order('second', 1, { email: 'bob@example.com' }),
      order('second', 2, { email: 'bob@example.com', phone: '+12025550143' }),
      order('second', 3, { phone: '+12025550143' }),
      order('second', 4, { email: 'nobody@example.com' }),
      order('mute', 5, { email: 'nobody@example.com' }),
    );
    const rows = account.rows().toSorted((a, b) => Number(a.order_id) - Number(b.order_id));
    expect(rows.map(({ subscriber_id, match_conflict }) => [subscriber_id, match_conflict])).toEqual([
      ['bob', true],
      ['bob', true],
      ['carol', false],
      ['carol', false],
      [null, false],
    ]);
  });

  it('recognises a shop’s phone numbers as people write them, and says of those it cannot read that they came', async () => {
    await account.addSubscriber('carol', 44, {
      phone: hashIdentity('phone', '+12025550143', parseHomeKeys(HOME_SECRET)),
    });
    await account.addSource('woo', { profile: 'woocommerce' });
    const billings = [
      { phone: '(202) 555-0143', country: 'US' },
      { phone: '0012025550143', country: 'DE' },
      { phone: '(202) 555-0143' },
      { phone: '(202) 555-0143', email: 'dave@example.com' },
      {},
    ];
    const orders = billings.map((billing, at) =>
      messageTo('woo', {
        headers: { 'x-wc-webhook-topic': 'order.created' },
        json: { id: at + 1, total: '80.00', currency: 'USD', billing },
      }),
    );
    await account.process(...orders);
    const rows = account.rows().toSorted((a, b) => Number(a.order_id) - Number(b.order_id));
    expect(rows.map(({ subscriber_id, unmatched_reason }) => subscriber_id ?? unmatched_reason)).toEqual([
      'carol',
      'carol',
      'address_unreadable',
      'identity_unknown',
      'no_click_id',
    ]);
  });

  it('learns from later messages of the same order, and tells all entries anew', async () => {
    await account.process(messageTo('site', { query: 'order_id=1&amount=5' }));
    await account.process(messageTo('site', { query: 'order_id=1&amount=6&email=anna@example.com' }));
    expect(account.rows().map(({ entry, match, version }) => [entry, match, version])).toEqual([
      ['sale', 'identity', 2],
      ['correction', 'identity', 2],
    ]);
    await account.process(messageTo('site', { query: 'order_id=1&amount=6&email=bob@example.com' }));
    expect(account.streams.rows.conversions).toHaveLength(3);
  });
});

describe('several codes on one order', () => {
  const ORDER = { currency: 'USD', billing: {}, date_created_gmt: '2026-06-01T11:00:00' };
  const woo = (codes: readonly string[], changes: object = {}) =>
    messageTo('woo', {
      headers: { 'x-wc-webhook-topic': 'order.updated' },
      json: {
        ...{ ...ORDER, id: 501, status: 'processing', total: '80.00' },
        ...{ coupon_lines: codes.map((code) => ({ code })), ...changes },
      },
    });
  const shopify = (codes: readonly string[]) =>
    messageTo('shop', {
      headers: { 'x-shopify-topic': 'orders/create' },
      json: {
        ...{ id: 502, financial_status: 'paid', total_price: '80.00', currency: 'USD' },
        ...{ created_at: '2026-06-01T11:00:00Z', discount_codes: codes.map((code) => ({ code })) },
      },
    });
  const bobs = CODE(43).toLowerCase();
  beforeEach(async () => {
    await account.addSource('woo', { profile: 'woocommerce' });
    await account.addSource('shop', { profile: 'shopify' });
  });

  it.each([
    ['woocommerce', woo, ['freeship', bobs]],
    ['woocommerce, ours first', woo, [bobs, 'freeship']],
    ['shopify', shopify, ['FREESHIP', 'SUMMER10', bobs]],
  ])('is the person’s whose code stands among them: %s', async (_, message, codes) => {
    await account.process(message(codes));
    const whose = { match: 'promo_code', subscriber_id: 'bob', campaign_id: 'welcome', match_conflict: false };
    expect(account.rows()).toMatchObject([{ ...whose, promo_code: bobs, version: 1 }]);
  });

  it('is nobody’s where none is ours, and keeps the first', async () => {
    await account.process(woo(['freeship', 'summer10']));
    const none = { match: 'none', unmatched_reason: 'promo_code_unknown', promo_code: 'freeship' };
    expect(account.rows()).toMatchObject([none]);
  });

  it('tells our code beside a click too, and two people’s as a conflict', async () => {
    const meta_data = [{ key: 'click_id', value: clickId(7, 43) }];
    await account.process(woo(['freeship', bobs], { meta_data }));
    expect(account.rows()).toMatchObject([{ match: 'click_id', promo_code: bobs, match_conflict: false }]);
    await account.process(shopify(['freeship', CODE(42), bobs]));
    const annas = { match: 'promo_code', subscriber_id: 'anna', promo_code: CODE(42), match_conflict: true };
    expect(account.rows().at(-1)).toMatchObject(annas);
  });

  it('learns a code that comes later, also for an order that is known by one code only from before', async () => {
    await account.process(woo(['freeship']));
    const [before] = account.rows();
    const kept = await account.ledger.store.byId(before?.conversion_id ?? '');
    expect(Object.keys(kept.record?.join.keys ?? {})).not.toContain('other_codes');
    await account.process(woo(['FREESHIP']));
    expect(account.rows()).toMatchObject([{ version: 1 }]);
    await account.process(woo(['freeship', bobs]));
    expect(account.rows()).toMatchObject([{ match: 'promo_code', promo_code: bobs, version: 2 }]);
    await account.process(woo([bobs, 'freeship']));
    expect(account.rows()).toMatchObject([{ version: 2 }]);
  });
});

import { describe, expect, it } from 'vitest';
import { CLICK, conversionsOf, FORGED, read, verdictOf } from './senders.ts';

describe('shopify', () => {
  const order = {
    id: 820982911946154500,
    created_at: '2026-06-01T07:00:00-04:00',
    updated_at: '2026-06-01T07:00:01-04:00',
    currency: 'EUR',
    total_price: '1234.50',
    current_total_price: '0.00',
    financial_status: 'paid',
    email: 'jon@example.com',
    note_attributes: [
      { name: 'gift', value: 'yes' },
      { name: 'click_id', value: CLICK },
    ],
    landing_site: `/products/a?x=1&click_id=${FORGED}`,
    discount_codes: [{ code: 'WELCOME-7K3M9QX', amount: '5.00', type: 'percentage' }],
    customer: { id: 115310627314723950 },
    line_items: [{ title: 'Boots', quantity: 2 }],
  };
  const send = (topic: string, json: unknown) => ({ json, headers: { 'x-shopify-topic': topic } });

  it('reads an order with its click id from the cart attributes', () => {
    expect(conversionsOf('shopify', send('orders/create', order))).toEqual([
      {
        source_id: 'my-shopify',
        kind: 'shop',
        entry: 'sale',
        event: 'sale',
        may_be: [],
        status: 'approved',
        click_id: CLICK,
        click: expect.anything(),
        unmatched_reason: null,
        click_too_old: false,
        txn_id: '820982911946154500',
        order_id: '820982911946154500',
        refund_id: null,
        cumulative: false,
        money: { currency: 'EUR', revenue: 123_450, payout: 0, sale_value: 0 },
        occurred_at: Date.parse('2026-06-01T11:00:00Z'),
        received_at: expect.any(Number),
        place: 0,
        revised_at: Date.parse('2026-06-01T11:00:01Z'),
        promo_code: 'WELCOME-7K3M9QX',
        promo_codes: ['WELCOME-7K3M9QX'],
        subscriber_id: null,
        customer_id: '115310627314723950',
        email: 'jon@example.com',
        phone: null,
        product: 'Boots',
        quantity: 2,
      },
    ]);
  });

  it.each([
    [{ note_attributes: [] }, 'click_id_forged'],
    [{ note_attributes: [], landing_site: '/wallets/checkouts.json' }, 'no_click_id'],
    [{ note_attributes: [{ name: 'click_id', value: '{click_id}' }], landing_site: '/' }, 'macro_unexpanded'],
    [{ note_attributes: [{ name: 'click_id', value: ['a'] }], landing_site: null }, 'array_value'],
    [
      { note_attributes: [{ name: 'click_id', value: 'undefined' }], landing_site: '/?click_id=' },
      'click_id_malformed',
    ],
    [
      { landing_site: `/?click_id=${CLICK}`, note_attributes: [{ name: 'click_id', value: FORGED }] },
      'click_id_forged',
    ],
  ])('counts an order without a usable click id: %j', (change, reason) => {
    const [conversion] = conversionsOf('shopify', send('orders/create', { ...order, ...change }));
    expect(conversion).toMatchObject({ click_id: null, unmatched_reason: reason, money: { revenue: 123_450 } });
  });

  it('falls back to the landing page', () => {
    const change = { note_attributes: [], landing_site: `/p?click_id=${CLICK}&y=2#z` };
    expect(conversionsOf('shopify', send('orders/create', { ...order, ...change }))[0]?.click_id).toBe(CLICK);
  });

  it('reads every code of an order, leaves out what is none, and shows where each stood', () => {
    const codes = [{ code: 'FREESHIP' }, { code: ['a'] }, {}, { code: 'WELCOME-7K3M9QX' }, { code: 'FREESHIP' }];
    const [item] = read('shopify', send('orders/create', { ...order, discount_codes: codes }));
    expect(item).toMatchObject({
      conversion: { promo_code: 'FREESHIP', promo_codes: ['FREESHIP', 'WELCOME-7K3M9QX'] },
      notes: [{ code: 'array_value', parameter: 'promo_code' }],
    });
    const paths = item?.readings.filter(({ parameter }) => parameter === 'promo_code').map(({ path }) => path);
    expect(paths).toEqual([0, 1, 3, 4].map((at) => `discount_codes.${at}.code`));
    const many = Array.from({ length: 200_000 }, (_, at) => ({ code: `C${at}` }));
    const [first] = conversionsOf('shopify', send('orders/create', { ...order, discount_codes: many }));
    expect(first?.promo_codes).toHaveLength(20);
    for (const none of [[], null, 'x', [null]])
      expect(conversionsOf('shopify', send('orders/create', { ...order, discount_codes: none }))[0]).toMatchObject({
        promo_code: null,
        promo_codes: [],
      });
  });

  it.each(['undefined', 'null', '', ' ', null, '{click_id}', ['a'], `x${CLICK}`])(
    'is not kept from it by a cart attribute that is no click id: %j',
    (value) => {
      const change = { note_attributes: [{ name: 'click_id', value }], landing_site: `/p?click_id=${CLICK}` };
      const [item] = read('shopify', send('orders/create', { ...order, ...change }));
      expect(item).toMatchObject({ outcome: 'conversion', conversion: { click_id: CLICK, unmatched_reason: null } });
      expect(item?.readings).toContainEqual({ parameter: 'click_id', path: 'landing_site?click_id', value: CLICK });
    },
  );

  it('reads each successful refund transaction, and cancellations', () => {
    const refund = {
      id: 1,
      order_id: 820982911946154500,
      created_at: '2026-06-01T11:30:00Z',
      transactions: [
        { id: 11, kind: 'refund', status: 'success', amount: '10.00', currency: 'EUR' },
        { id: 12, kind: 'refund', status: 'failure', amount: '10.00', currency: 'EUR' },
        { id: 13, kind: 'void', status: 'success', amount: '10.00', currency: 'EUR' },
        { id: 14, kind: 'refund', status: 'success', amount: '10.00', currency: 'EUR' },
      ],
    };
    const found = conversionsOf('shopify', send('refunds/create', refund));
    expect(found.map(({ entry, txn_id, refund_id, money }) => [entry, txn_id, refund_id, money?.revenue])).toEqual([
      ['refund', '820982911946154500', '11', 1000],
      ['refund', '820982911946154500', '14', 1000],
    ]);
    expect(verdictOf('shopify', send('refunds/create', { ...refund, transactions: [] }))).toEqual([
      'ignored: nothing_reported',
    ]);
    const test = refund.transactions.map((transaction) => ({ ...transaction, test: transaction.id !== 14 }));
    const real = conversionsOf('shopify', send('refunds/create', { ...refund, transactions: test }));
    expect(real.map(({ refund_id }) => refund_id)).toEqual(['14']);
    expect(conversionsOf('shopify', send('orders/cancelled', order))[0]).toMatchObject({ status: 'reversed' });
    const cancelled = { ...order, cancelled_at: '2026-06-02T10:00:00Z' };
    expect(conversionsOf('shopify', send('orders/updated', cancelled))[0]).toMatchObject({ status: 'reversed' });
    const standing = { ...order, cancelled_at: null };
    expect(conversionsOf('shopify', send('orders/updated', standing))[0]).toMatchObject({ status: 'approved' });
  });

  it('passes over tests and other topics, and asks for money', () => {
    expect(verdictOf('shopify', send('orders/create', { ...order, test: true }))).toEqual(['ignored: test']);
    expect(verdictOf('shopify', send('products/update', { id: 1 }))).toEqual(['ignored: other_topic']);
    const edit = {
      id: 78912328793,
      order_id: order.id,
      line_items: { additions: [{ id: 1, delta: 1 }], removals: [] },
    };
    expect(verdictOf('shopify', send('orders/edited', { order_edit: edit }))).toEqual(['ignored: other_topic']);
    expect(conversionsOf('shopify', send('orders/updated', { ...order, total_price: '1300' }))[0]).toMatchObject({
      money: { revenue: 130_000 },
    });
    expect(verdictOf('shopify', send('orders/create', { ...order, total_price: null }))).toEqual([
      'amount: missing_amount',
    ]);
    expect(verdictOf('shopify', send('orders/create', { ...order, currency: null }))).toEqual([
      'currency: missing_currency',
    ]);
    expect(verdictOf('shopify', send('orders/create', '[1'))).toEqual(['null: body_unreadable']);
  });
});

describe('woocommerce', () => {
  const order = {
    id: 727,
    status: 'processing',
    currency: 'KWD',
    total: '49.905',
    customer_id: 0,
    date_created_gmt: '2026-06-01T11:00:00',
    date_modified_gmt: '2026-06-01T11:00:05',
    meta_data: [{ id: 1, key: 'click_id', value: CLICK }],
    coupon_lines: [{ code: 'welcome-7k3m9qx' }],
    billing: { email: 'a@example.com', phone: '+4915112345678' },
    line_items: [{ name: 'Boots', quantity: 1 }],
    refunds: [] as unknown[],
  };
  const send = (json: unknown, topic = 'order.updated') => ({ json, headers: { 'x-wc-webhook-topic': topic } });

  it('reads an order and all its refunds in one message', () => {
    const refunds = [
      { id: 73, reason: '', total: '-10.000' },
      { id: 74, reason: '', total: '-10.000' },
    ];
    const found = conversionsOf('woocommerce', send({ ...order, status: 'refunded', refunds }));
    expect(found.map(({ entry, refund_id, money }) => [entry, refund_id, money?.revenue])).toEqual([
      ['sale', null, 49_905],
      ['refund', '73', 10_000],
      ['refund', '74', 10_000],
    ]);
    expect(found[0]).toMatchObject({ status: 'approved', customer_id: null, click_id: CLICK, txn_id: '727' });
  });

  it('finds the click id in WooCommerce’s own order attribution', () => {
    const entry = { key: '_wc_order_attribution_session_entry', value: `https://shop.test/?click_id=${CLICK}` };
    expect(conversionsOf('woocommerce', send({ ...order, meta_data: [entry] }))[0]?.click_id).toBe(CLICK);
  });

  it('answers pings and passes over drafts', () => {
    expect(verdictOf('woocommerce', { form: 'webhook_id=5' })).toEqual(['ignored: ping']);
    expect(verdictOf('woocommerce', send({ ...order, status: 'checkout-draft' }))).toEqual(['ignored: not_paid']);
    expect(verdictOf('woocommerce', send({ ...order, status: 'invented' }))).toEqual(['status: unknown_status']);
  });
});

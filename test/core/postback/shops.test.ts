import { describe, expect, it } from 'vitest';
import { CLICK, conversionsOf, FORGED, verdictOf } from './senders.ts';

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
        status: 'approved',
        click_id: CLICK,
        click: expect.anything(),
        unmatched_reason: null,
        txn_id: '820982911946154500',
        order_id: '820982911946154500',
        refund_id: null,
        cumulative: false,
        money: { currency: 'EUR', revenue: 123_450, payout: 0, sale_value: 0 },
        occurred_at: Date.parse('2026-06-01T11:00:00Z'),
        received_at: expect.any(Number),
        revised_at: Date.parse('2026-06-01T11:00:01Z'),
        promo_code: 'WELCOME-7K3M9QX',
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
    [{ note_attributes: [{ name: 'click_id', value: '{click_id}' }] }, 'macro_unexpanded'],
    [{ note_attributes: [{ name: 'click_id', value: ['a'] }] }, 'array_value'],
  ])('counts an order without a usable click id: %j', (change, reason) => {
    const [conversion] = conversionsOf('shopify', send('orders/create', { ...order, ...change }));
    expect(conversion).toMatchObject({ click_id: null, unmatched_reason: reason, money: { revenue: 123_450 } });
  });

  it('falls back to the landing page', () => {
    const change = { note_attributes: [], landing_site: `/p?click_id=${CLICK}&y=2#z` };
    expect(conversionsOf('shopify', send('orders/create', { ...order, ...change }))[0]?.click_id).toBe(CLICK);
  });

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
    expect(conversionsOf('shopify', send('orders/cancelled', order))[0]).toMatchObject({ status: 'reversed' });
  });

  it('passes over tests and other topics, and asks for money', () => {
    expect(verdictOf('shopify', send('orders/create', { ...order, test: true }))).toEqual(['ignored: test']);
    expect(verdictOf('shopify', send('products/update', { id: 1 }))).toEqual(['ignored: other_topic']);
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

describe('stripe', () => {
  const event = (type: string, object: Record<string, unknown>, created = 1_780_311_600, livemode = true) => ({
    json: { id: 'evt_1', type, created, livemode, data: { object } },
  });
  const session = {
    id: 'cs_1',
    client_reference_id: CLICK,
    amount_total: 4990,
    currency: 'jpy',
    payment_status: 'paid',
    payment_intent: 'pi_1',
    created: 1_780_311_000,
    customer: 'cus_1',
    customer_details: { email: 'a@example.com', phone: null },
    metadata: { order_id: '1001' },
  };

  it('reads a paid session in minor units', () => {
    expect(conversionsOf('stripe', event('checkout.session.completed', session))[0]).toMatchObject({
      click_id: CLICK,
      txn_id: 'pi_1',
      order_id: '1001',
      status: 'approved',
      money: { currency: 'JPY', revenue: 4990 },
      customer_id: 'cus_1',
      email: 'a@example.com',
      occurred_at: 1_780_311_000_000,
      revised_at: 1_780_311_600_000,
    });
  });

  it.each([
    ['usd', 4990],
    ['isk', 50],
    ['mga', 499_000],
    ['kwd', 4990],
  ])('knows where Stripe departs from ISO 4217: %s', (currency, revenue) => {
    const [conversion] = conversionsOf('stripe', event('checkout.session.completed', { ...session, currency }));
    expect(conversion?.money?.revenue).toBe(revenue);
  });

  it.each([
    [event('checkout.session.completed', { ...session, payment_status: 'unpaid' }), 'not_paid'],
    [event('checkout.session.expired', session), 'not_paid'],
    [event('checkout.session.completed', session, 1_780_311_600, false), 'test'],
    [event('customer.created', {}), 'other_topic'],
  ])('passes over what is no revenue', (sent, reason) => {
    expect(verdictOf('stripe', sent)).toEqual([`ignored: ${reason}`]);
  });

  it('reads refunds one by one and in total, disputes and rebills', () => {
    const read = (type: string, object: Record<string, unknown>) => {
      const [found] = conversionsOf('stripe', event(type, { currency: 'usd', payment_intent: 'pi_1', ...object }));
      return [found?.entry, found?.event, found?.txn_id, found?.refund_id, found?.money?.revenue, found?.cumulative];
    };
    expect(read('refund.created', { id: 're_1', amount: 500, status: 'succeeded' })).toEqual([
      'refund',
      'sale',
      'pi_1',
      're_1',
      500,
      false,
    ]);
    expect(read('refund.failed', { id: 're_1', amount: 500, status: 'failed' })).toEqual([
      'refund',
      'sale',
      'pi_1',
      're_1',
      0,
      false,
    ]);
    expect(read('charge.refunded', { id: 'ch_1', amount_refunded: 700 })).toEqual([
      'refund',
      'sale',
      'pi_1',
      'ch_1',
      700,
      true,
    ]);
    expect(read('charge.dispute.created', { id: 'dp_1', amount: 500, status: 'needs_response' })).toEqual([
      'chargeback',
      'sale',
      'pi_1',
      'dp_1',
      500,
      false,
    ]);
    expect(read('charge.dispute.closed', { id: 'dp_1', amount: 500, status: 'won' })).toEqual([
      'chargeback',
      'sale',
      'pi_1',
      'dp_1',
      0,
      false,
    ]);
    expect(read('charge.dispute.closed', { id: 'dp_1', amount: 500, status: 'lost' })).toEqual([
      'chargeback',
      'sale',
      'pi_1',
      'dp_1',
      500,
      false,
    ]);
    expect(read('invoice.paid', { id: 'in_2', billing_reason: 'subscription_cycle', amount_paid: 900 })).toEqual([
      'sale',
      'rebill',
      'in_2',
      null,
      900,
      false,
    ]);
  });
});

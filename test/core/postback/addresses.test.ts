import { describe, expect, it } from 'vitest';
import { conversionsOf, read } from './senders.ts';

const woo = (fields: object) => ({
  headers: { 'x-wc-webhook-topic': 'order.created' },
  json: { id: 1, status: 'processing', total: '80.00', currency: 'USD', ...fields },
});
const shopify = (fields: object) => ({
  headers: { 'x-shopify-topic': 'orders/create' },
  json: { id: 1, total_price: '80.00', currency: 'USD', ...fields },
});
const checkout = (customer_details: object) => ({
  json: {
    type: 'checkout.session.completed',
    data: { object: { payment_intent: 'pi_1', amount_total: 80, currency: 'usd', customer_details } },
  },
});
const clickbank = (billing: object) => ({
  json: {
    transactionType: 'SALE',
    receipt: 'A',
    trackingCodes: [],
    customer: { billing },
    lineItems: [{ itemNo: '1', accountAmount: 5 }],
  },
});
const US = { country_code: 'US' };
const DE = { country_code: 'DE' };
const NATIONAL = '(202) 555-0143';
const E164 = '+12025550143';

describe('a phone number becomes E.164 by the country that stands beside it', () => {
  it.each([
    '+12025550143',
    NATIONAL,
    '2025550143',
    '0012025550143',
    '12025550143',
    '+1 202 555 0143',
    '001-202-555-0143',
  ])('WooCommerce: %s', (phone) =>
    expect(conversionsOf('woocommerce', woo({ billing: { phone, country: 'US' } }))[0]?.phone).toBe(E164),
  );

  it.each([
    ['billing', { billing_address: { phone: NATIONAL, ...US }, shipping_address: { phone: '1', ...DE } }],
    ['shipping', { billing_address: DE, shipping_address: { phone: NATIONAL, ...US } }],
    ['the customer', { customer: { phone: NATIONAL, default_address: US }, billing_address: DE }],
    ['the customer, with no address', { customer: { phone: NATIONAL }, billing_address: US }],
    ['the order', { phone: NATIONAL, shipping_address: US }],
    ['the order, in full', { phone: E164, billing_address: DE }],
  ])('Shopify: of %s', (_, fields) => expect(conversionsOf('shopify', shopify(fields))[0]?.phone).toBe(E164));

  it('Stripe, and what one’s own site tells', () => {
    const details = { phone: NATIONAL, address: { country: 'US' } };
    expect(conversionsOf('stripe', checkout(details))[0]?.phone).toBe(E164);
    const query = `order_id=1&amount=5&phone=${encodeURIComponent(NATIONAL)}`;
    expect(conversionsOf('generic', { query: `${query}&country=us` })[0]?.phone).toBe(E164);
    const renamed = { params: { country: 'where' } };
    expect(conversionsOf('generic', { query: `${query}&country=DE&where=US` }, renamed)[0]?.phone).toBe(E164);
  });

  it('ClickBank', () => {
    const [item] = read('clickbank', clickbank({ phoneNumber: NATIONAL, address: { country: 'US' } }));
    expect(item?.readings).toContainEqual({
      parameter: 'country',
      path: '$.customer.billing.address.country',
      value: 'US',
    });
    expect(item?.notes).toEqual([]);
  });
});

it.each([
  ['no country', { phone: NATIONAL }, ['phone']],
  ['a country that is none', { phone: NATIONAL, country: 'United States' }, ['phone']],
  ['too few digits', { phone: '555', country: 'US' }, ['phone']],
  ['an e-mail that is none', { email: 'ann at example', phone: E164 }, ['email']],
  ['nothing', {}, []],
])('what cannot be read is noted, and the order counts: %s', (_, billing, parameters) => {
  const [item] = read('woocommerce', woo({ billing }));
  expect(item).toMatchObject({
    outcome: 'conversion',
    notes: parameters.map((parameter) => ({ code: 'address_unreadable', parameter })),
  });
});

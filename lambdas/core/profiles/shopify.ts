import type { ConversionProfile, Shape } from './profile.ts';
import { EVENT_WORDS, OK } from './words.ts';

const TOPIC = '@x-shopify-topic';

/** `total_price` is what was ordered; unlike `current_total_price` it does not move with refunds, which come as messages of their own. */
const order: Shape['fields'] = {
  click_id: { from: ['note_attributes[name=click_id].value', 'landing_site?click_id'] },
  txn_id: { from: ['id'] },
  order_id: { from: ['id'] },
  amount: { from: ['total_price'] },
  currency: { from: ['currency'] },
  ts: { from: ['created_at'] },
  revised_at: { from: ['updated_at'] },
  promo_code: { from: ['discount_codes[].code'] },
  customer_id: { from: ['customer.id'] },
  email: { from: ['email', 'contact_email', 'customer.email'] },
  phone: { from: ['phone', 'customer.phone', 'billing_address.phone', 'shipping_address.phone'] },
  country: {
    from: ['billing_address.country_code', 'shipping_address.country_code', 'customer.default_address.country_code'],
  },
  product: { from: ['line_items[0].title'] },
  quantity: { from: ['line_items[0].quantity'] },
};

/**
 * Shopify orders. The click id travels as a cart attribute, because landing_site is lost at accelerated checkouts (networks.md §8);
 * the discount code is the next best. Each successful refund transaction is one refund. `orders/edited` is passed over: it tells the
 * lines that were added and removed, while the `orders/updated` beside it tells the new total.
 */
export const shopify: ConversionProfile = {
  title: 'Shopify',
  kind: 'shop',
  inlet: 'webhooks',
  reports: 'conversions',
  authentication: { scheme: 'body_hmac', header: 'x-shopify-hmac-sha256' },
  acknowledgement: OK,
  subidParam: null,
  ignore: [{ when: [{ path: 'test', matches: 'true' }], reason: 'test' }],
  shapes: [
    {
      // an update of a cancelled order still calls it paid
      when: [
        { path: TOPIC, matches: 'orders/(paid|updated)' },
        { path: 'cancelled_at', matches: '.+' },
      ],
      event: 'sale',
      status: 'reversed',
      fields: order,
    },
    {
      when: [{ path: TOPIC, matches: 'orders/(create|paid|updated)' }],
      event: 'sale',
      fields: { ...order, status: { from: ['financial_status'] } },
    },
    { when: [{ path: TOPIC, matches: 'orders/cancelled' }], event: 'sale', status: 'reversed', fields: order },
    {
      when: [{ path: TOPIC, matches: 'refunds/create' }],
      each: 'transactions',
      eachWhen: [
        { path: 'kind', matches: 'refund' },
        { path: 'status', matches: 'success' },
        // the refund of a test order does not say so itself
        { path: 'test', matches: '(?!true$).*' },
      ],
      event: 'sale',
      entry: 'refund',
      fields: {
        txn_id: { from: ['$.order_id'] },
        order_id: { from: ['$.order_id'] },
        refund_id: { from: ['id'] },
        amount: { from: ['amount'] },
        currency: { from: ['currency'] },
        ts: { from: ['processed_at', 'created_at', '$.created_at'] },
      },
    },
  ],
  statuses: {
    pending: 'pending',
    authorized: 'pending',
    partially_paid: 'pending',
    paid: 'approved',
    // what was given back comes as refunds
    partially_refunded: 'approved',
    refunded: 'approved',
    voided: 'reversed',
    expired: 'reversed',
  },
  events: EVENT_WORDS,
  notation: 'decimal',
  currency: null,
  duplicates: 'update',
  txnIsClick: false,
  setup: [
    'In Shopify open Settings, Notifications, Webhooks. Copy the signing secret shown at the bottom into the source: npx onehop source update {source} --secret-file -',
    'Create a webhook for the event Order creation, format JSON, with this URL: {url}',
    'Create two more with the same URL: Order cancellation and Refund create. Order payment is needed only where orders are paid later, Order update only where orders are edited: it tells the new total (Order edit does not, and is passed over).',
    'Keep the click id through the checkout: paste the output of npx onehop snippet shopify into the theme (before </head> in theme.liquid).',
    'Place a test order from a short link, then look at npx onehop source show {source}.',
  ],
};

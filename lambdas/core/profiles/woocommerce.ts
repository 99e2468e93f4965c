import type { ConversionProfile, Shape } from './profile.ts';
import { EVENT_WORDS, OK } from './words.ts';

const ORDER = [{ path: '@x-wc-webhook-topic', matches: 'order\\.(created|updated|restored)' }];

/** Times without `_gmt` are the shop's local ones, so those with it are read. Guests have customer 0. */
const order: Shape['fields'] = {
  click_id: {
    from: [
      'meta_data[key=click_id].value',
      'meta_data[key=_click_id].value',
      'meta_data[key=_wc_order_attribution_session_entry].value?click_id',
    ],
  },
  txn_id: { from: ['id'] },
  order_id: { from: ['id'] },
  amount: { from: ['total'] },
  currency: { from: ['currency'] },
  status: { from: ['status'] },
  ts: { from: ['date_created_gmt'] },
  revised_at: { from: ['date_modified_gmt'] },
  promo_code: { from: ['coupon_lines[].code'] },
  customer_id: { from: ['customer_id'], absent: ['0'] },
  email: { from: ['billing.email'] },
  phone: { from: ['billing.phone', 'shipping.phone'] },
  country: { from: ['billing.country', 'shipping.country'] },
  product: { from: ['line_items[0].name'] },
  quantity: { from: ['line_items[0].quantity'] },
};

/**
 * WooCommerce orders: every webhook carries the whole order with its refunds, so each is read anew and the ledger tells what changed.
 * A refund that is deleted in the shop is just no longer in the list, which tells nothing by itself (an older message lacks it too), so it
 * stays booked.
 */
export const woocommerce: ConversionProfile = {
  title: 'WooCommerce',
  kind: 'shop',
  inlet: 'webhooks',
  reports: 'conversions',
  authentication: {
    scheme: 'body_hmac',
    header: 'x-wc-webhook-signature',
    // sent when a webhook is saved; any answer but 200 is shown as an error (WC_Webhook::deliver_ping of woocommerce)
    unsignedPing: { without: ['x-wc-webhook-topic'], body: 'webhook_id=\\d{1,20}' },
  },
  acknowledgement: OK,
  subidParam: null,
  ignore: [
    { when: [{ path: '@x-wc-webhook-topic', matches: '' }], reason: 'ping' },
    { when: [{ path: 'status', matches: '(checkout-|auto-)?draft' }], reason: 'not_paid' },
  ],
  shapes: [
    { when: ORDER, event: 'sale', fields: order },
    {
      when: ORDER,
      each: 'refunds',
      event: 'sale',
      entry: 'refund',
      fields: {
        txn_id: { from: ['$.id'] },
        order_id: { from: ['$.id'] },
        refund_id: { from: ['id'] },
        amount: { from: ['total'] },
        currency: { from: ['$.currency'] },
        ts: { from: ['$.date_modified_gmt'] },
      },
    },
  ],
  statuses: {
    pending: 'pending',
    'on-hold': 'pending',
    processing: 'approved',
    completed: 'approved',
    // what was given back comes as refunds
    refunded: 'approved',
    cancelled: 'reversed',
    failed: 'rejected',
    trash: 'reversed',
  },
  events: EVENT_WORDS,
  notation: 'decimal',
  currency: null,
  duplicates: 'update',
  txnIsClick: false,
  setup: [
    'In WooCommerce open Settings, Advanced, Webhooks, Add webhook: status Active, topic Order created, API version WP REST API v3, and this delivery URL: {url}',
    'Type a secret of at least 8 characters there, and write the same into the source: npx onehop source update {source} --secret-file -',
    'Add a second webhook with topic Order updated, the same URL and the same secret: it brings payments, cancellations and refunds.',
    'Keep the click id through the checkout: save it as order meta click_id (npx onehop snippet html keeps it in forms), or leave WooCommerce’s order attribution switched on.',
    'WooCommerce switches a webhook off after five failures: look at its status there when orders stop.',
  ],
};

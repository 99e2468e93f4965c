import type { ConversionProfile } from './profile.ts';
import { EVENT_WORDS, OK, STATUS_WORDS } from './words.ts';

/**
 * Any sender that can call a URL, and one's own site. Recognises the names that many senders use. `tid` and `transaction_id`
 * are ambiguous in the wild: they are read as the click id only where their value has the form of one.
 */
export const generic: ConversionProfile = {
  title: 'Generic postback',
  kind: 'own',
  inlet: 'postbacks',
  reports: 'conversions',
  authentication: { scheme: 'token' },
  acknowledgement: OK,
  subidParam: 'click_id',
  shapes: [
    {
      fields: {
        click_id: {
          from: [
            'click_id',
            'clickid',
            'cid',
            'aff_sub',
            's1',
            's2',
            'subid',
            'sub_id',
            'uid',
            'ref',
            'tid',
            'transaction_id',
          ],
          macro: '{click_id}',
        },
        txn_id: {
          from: ['txn_id', 'txid', 'transaction_id', 'tid', 'conversion_id', 'xid', 'rdtk_event_id'],
          macro: '{transaction_id}',
        },
        order_id: { from: ['order_id', 'orderid', 'oid'], macro: '{order_id}' },
        event: { from: ['event', 'event_name', 'goal', 'et', 'type'], macro: '{event}' },
        amount: { from: ['amount', 'sale_amount', 'value', 'revenue', 'sum'], macro: '{amount}' },
        payout: { from: ['payout', 'commission'] },
        currency: { from: ['currency', 'cur'], macro: '{currency}' },
        status: { from: ['status'], macro: '{status}' },
        ts: { from: ['ts', 'timestamp', 'time', 'event_time'] },
        promo_code: { from: ['promo_code', 'coupon', 'coupon_code', 'discount_code'] },
        customer_id: { from: ['customer_id'] },
        email: { from: ['email'] },
        phone: { from: ['phone'] },
        country: { from: ['country', 'country_code'] },
        product: { from: ['product', 'product_id', 'sku'] },
        quantity: { from: ['quantity', 'qty'] },
        refund_id: { from: ['refund_id'] },
        subscriber_id: { from: ['subscriber_id'] },
      },
    },
  ],
  statuses: STATUS_WORDS,
  events: EVENT_WORDS,
  notation: 'decimal',
  currency: 'account',
  duplicates: 'update',
  txnIsClick: false,
  setup: [
    'Keep the click id: the landing page receives it as the parameter {subid_param}.',
    'When somebody buys or signs up, call this URL from your server (GET, or POST with a form or JSON body), each text in braces replaced by its value: {url}',
    'Leave out parameters that you do not know. Send order_id always: it keeps repeats from counting twice.',
    'To take money back, call it again with the same order_id, event=refund, the refunded amount and a refund_id of your own.',
    'Try it: npx onehop source test {source}',
  ],
};

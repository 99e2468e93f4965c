import type { ConversionProfile } from './profile.ts';
import { EVENT_WORDS, OK, STATUS_WORDS } from './words.ts';

/** CJ as publisher. CJ posts nothing to publishers by default (unconfirmed): this profile reads what a server-side relay sends in CJ’s own words; the commission API is the regular way. */
export const cj: ConversionProfile = {
  title: 'CJ',
  kind: 'network',
  inlet: 'postbacks',
  reports: 'conversions',
  authentication: { scheme: 'token' },
  acknowledgement: OK,
  subidParam: 'sid',
  shapes: [
    {
      fields: {
        click_id: { from: ['click_id', 'sid', 'shopperId'], macro: '{sid}' },
        txn_id: { from: ['txn_id', 'commissionId', 'commission_id'], macro: '{commissionId}' },
        order_id: { from: ['order_id', 'OID', 'oid', 'orderId'], macro: '{orderId}' },
        payout: {
          from: ['payout', 'commission', 'pubCommissionAmountPubCurrency', 'pubCommissionAmountUsd'],
          macro: '{commission}',
        },
        amount: { from: ['amount', 'saleAmount', 'saleAmountPubCurrency', 'saleAmountUsd'], macro: '{saleAmount}' },
        currency: { from: ['currency', 'CURRENCY', 'pubCurrency'], macro: '{currency}' },
        status: { from: ['status', 'actionStatus', 'action_status'], macro: '{actionStatus}' },
        event: { from: ['event', 'actionType'] },
        ts: { from: ['ts', 'eventTime', 'eventDate', 'postingDate'], macro: '{eventDate}' },
        promo_code: { from: ['promo_code', 'COUPON', 'coupon'] },
        refund_id: { from: ['refund_id'] },
      },
    },
  ],
  statuses: { ...STATUS_WORDS, new: 'pending', extended: 'pending', locked: 'approved', closed: 'approved' },
  events: { ...EVENT_WORDS, advanced_sale: 'sale', sim_sale: 'sale', sim_lead: 'lead', advanced_lead: 'lead' },
  notation: 'decimal',
  currency: 'account',
  duplicates: 'update',
  txnIsClick: false,
  negativeIsRefund: true,
  setup: [
    'Put the CJ link into the offer’s destination and name this source there: npx onehop offer update <offer> --source-id {source} (a new one: npx onehop offer create <offer> --destination <link> --source-id {source}). Onehop then adds {subid_param} with the click id by itself.',
    'CJ does not call publishers by itself. Where your CJ contact or a relay of yours sends commissions on, let it call this URL with the values in place of the braces: {url}',
    'Send a correction under the same commission id: Onehop enters the difference.',
    'Try it: npx onehop source test {source}',
  ],
};

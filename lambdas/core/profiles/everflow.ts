import type { ConversionProfile } from './profile.ts';
import { EVENT_WORDS, OK, STATUS_WORDS } from './words.ts';

/** Everflow as partner. Its `transaction_id` is its own click; ours travels in `sub1`. It switches a partner postback off after ten failures in 72 hours and reads a decimal comma as a point (networks.md §3). `{amount}` is no partner macro: `{sale_amount}` is. */
export const everflow: ConversionProfile = {
  title: 'Everflow',
  kind: 'network',
  inlet: 'postbacks',
  reports: 'conversions',
  authentication: { scheme: 'token' },
  acknowledgement: OK,
  subidParam: 'sub1',
  shapes: [
    {
      fields: {
        click_id: { from: ['click_id', 'sub1'], macro: '{sub1}' },
        txn_id: { from: ['txn_id', 'transaction_id'], macro: '{transaction_id}' },
        payout: { from: ['payout'], macro: '{payout}' },
        amount: { from: ['amount', 'sale_amount'], macro: '{sale_amount}' },
        event: { from: ['event', 'event_id', 'event_name'], macro: '{event_id}' },
        currency: { from: ['currency'] },
        status: { from: ['status'] },
        ts: { from: ['ts', 'conversion_unix_timestamp'] },
        promo_code: { from: ['promo_code', 'coupon_code'] },
        order_id: { from: ['order_id'] },
        email: { from: ['email'] },
        refund_id: { from: ['refund_id'] },
      },
    },
  ],
  statuses: STATUS_WORDS,
  events: { ...EVENT_WORDS, '0': 'sale', base: 'sale', 'base conversion': 'sale' },
  notation: 'either',
  currency: 'account',
  duplicates: 'update',
  txnIsClick: true,
  setup: [
    'Put the offer’s tracking link (with oid and affid) into the offer’s destination and name this source there: npx onehop offer update <offer> --source-id {source} (a new one: npx onehop offer create <offer> --destination <link> --source-id {source}). Onehop then adds {subid_param} with the click id by itself.',
    'In Everflow open Partner Postbacks, add one: method Postback, level Global, and paste this URL: {url}',
    'Events beside the base conversion arrive by number. Map each in the source, for example events: {"12": "lead"}; unknown ones wait in quarantine.',
    'Everflow sends amounts in the offer’s currency without naming it: set the source’s currency where it is not your account’s.',
    'Try it: npx onehop source test {source}',
  ],
};

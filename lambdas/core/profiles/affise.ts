import type { ConversionProfile } from './profile.ts';
import { EVENT_WORDS, OK, STATUS_WORDS } from './words.ts';

/** Affise as affiliate. There is no click id macro: the sub account that carried ours comes back. Statuses are numbers. */
export const affise: ConversionProfile = {
  title: 'Affise',
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
        txn_id: { from: ['txn_id', 'transactionid'], macro: '{transactionid}' },
        payout: { from: ['payout', 'sum'], macro: '{sum}' },
        amount: { from: ['amount', 'order_sum'] },
        currency: { from: ['currency'], macro: '{currency}' },
        status: { from: ['status'], macro: '{status}' },
        event: { from: ['event', 'goal'], macro: '{goal}' },
        ts: { from: ['ts', 'timestamp'], macro: '{timestamp}' },
        promo_code: { from: ['promo_code'], macro: '{promo_code}' },
        refund_id: { from: ['refund_id'] },
      },
    },
  ],
  statuses: { ...STATUS_WORDS, '1': 'approved', '2': 'pending', '3': 'rejected', '5': 'pending' },
  events: { ...EVENT_WORDS, '1': 'sale', default: 'sale' },
  notation: 'decimal',
  currency: 'account',
  duplicates: 'update',
  txnIsClick: false,
  setup: [
    'Put the tracking link into the offer’s destination and name this source there: npx onehop offer update <offer> --source-id {source} (a new one: npx onehop offer create <offer> --destination <link> --source-id {source}). Onehop then adds {subid_param} with the click id by itself.',
    'In Affise open Settings, Postbacks, and add a global postback for every status with this URL: {url}',
    'Goals beside the first arrive by their value. Map each in the source, for example events: {"2": "lead"}.',
    'Try it: npx onehop source test {source}',
  ],
};

import type { ConversionProfile } from './profile.ts';
import { EVENT_WORDS, OK, STATUS_WORDS } from './words.ts';

/** impact.com as media partner. Macros are case-sensitive; an action keeps its `ActionId` while status and payout change. */
export const impact: ConversionProfile = {
  title: 'impact.com',
  kind: 'network',
  inlet: 'postbacks',
  reports: 'conversions',
  authentication: { scheme: 'token' },
  acknowledgement: OK,
  subidParam: 'subId1',
  shapes: [
    {
      fields: {
        click_id: { from: ['click_id', 'SubId1', 'subId1', 'subid1'], macro: '{SubId1}' },
        txn_id: { from: ['txn_id', 'ActionId', 'actionid'], macro: '{ActionId}' },
        order_id: { from: ['order_id', 'Oid', 'oid'], macro: '{Oid}' },
        payout: { from: ['payout', 'Payout'], macro: '{Payout}' },
        amount: { from: ['amount', 'Amount'], macro: '{Amount}' },
        currency: { from: ['currency', 'Currency'], macro: '{Currency}' },
        status: { from: ['status', 'Status'], macro: '{Status}' },
        event: { from: ['event', 'EventCode'] },
        ts: { from: ['ts', 'EventDate'] },
        promo_code: { from: ['promo_code', 'PromoCode'] },
        refund_id: { from: ['refund_id'] },
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
    'Put the tracking link into the offer’s destination and name this source there: npx onehop offer update <offer> --source-id {source} (a new one: npx onehop offer create <offer> --destination <link> --source-id {source}). Onehop then adds {subid_param} with the click id by itself.',
    'In impact.com open Settings, Technical, Event Notifications (postbacks); add a GET URL and paste: {url}',
    'Switch on notifications for new actions, modified actions and reversals: corrections then arrive under the same action.',
    'Try it: npx onehop source test {source}',
  ],
};

import type { ConversionProfile } from './profile.ts';
import { EVENT_WORDS, STATUS_WORDS } from './words.ts';

/** TUNE (HasOffers) as publisher. Its `transaction_id` is its own click; ours travels in `aff_click_id`. TUNE never retries, so reconciliation repairs what is lost (networks.md §3). The macros of sale amount and currency are unconfirmed, so the URL asks for the payout only. */
export const tune: ConversionProfile = {
  title: 'TUNE',
  kind: 'network',
  inlet: 'postbacks',
  reports: 'conversions',
  authentication: { scheme: 'token' },
  acknowledgement: { body: 'success=true;', contentType: 'text/plain; charset=utf-8' },
  subidParam: 'aff_click_id',
  shapes: [
    {
      fields: {
        click_id: { from: ['click_id', 'aff_click_id', 'aff_sub'], macro: '{aff_click_id}' },
        txn_id: { from: ['txn_id', 'transaction_id', 'ad_id'], macro: '{transaction_id}' },
        payout: { from: ['payout'], macro: '{payout}' },
        amount: { from: ['amount', 'sale_amount'] },
        currency: { from: ['currency'] },
        event: { from: ['event', 'goal_id', 'goal_ref'] },
        status: { from: ['status', 'conversion_status'] },
        ts: { from: ['ts'] },
        promo_code: { from: ['promo_code'] },
        order_id: { from: ['order_id', 'conversion_unique_id'] },
        refund_id: { from: ['refund_id'] },
      },
    },
  ],
  statuses: STATUS_WORDS,
  events: { ...EVENT_WORDS, '0': 'sale' },
  notation: 'decimal',
  currency: 'account',
  duplicates: 'update',
  txnIsClick: true,
  setup: [
    'Put the offer’s tracking link (…/aff_c?offer_id=…&aff_id=…) into the offer’s destination and name this source there: npx onehop offer update <offer> --source-id {source} (a new one: npx onehop offer create <offer> --destination <link> --source-id {source}). Onehop then adds {subid_param} with the click id by itself.',
    'In TUNE open Offers, choose the offer, and under Postbacks / Pixels add a postback with this URL: {url}',
    'Where the network only lets its staff add postbacks, send them the URL and ask for it on every offer you run.',
    'Offers with goals: add one postback for each goal, with &event=lead (or signup, install) at its end.',
    'Payouts come in the network’s currency: set the source’s currency where it is not your account’s.',
    'Try it: npx onehop source test {source}',
  ],
};

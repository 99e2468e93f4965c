import type { ConversionProfile } from './profile.ts';
import { EVENT_WORDS, OK, STATUS_WORDS } from './words.ts';

/** A Keitaro tracker that counts us as traffic source. Our click id is its `external_id`; `tid` is the transaction. One status says both what happened and how sure it is. */
export const keitaro: ConversionProfile = {
  title: 'Keitaro',
  kind: 'network',
  inlet: 'postbacks',
  reports: 'conversions',
  authentication: { scheme: 'token' },
  acknowledgement: OK,
  subidParam: 'external_id',
  shapes: [
    {
      fields: {
        click_id: { from: ['click_id', 'external_id', 'subid'], macro: '{external_id}' },
        txn_id: { from: ['txn_id', 'tid'], macro: '{tid}' },
        payout: { from: ['payout', 'revenue'], macro: '{revenue}' },
        currency: { from: ['currency'], macro: '{currency}' },
        status: { from: ['status'], macro: '{status}' },
        event: { from: ['event', 'status'] },
        ts: { from: ['ts'] },
        refund_id: { from: ['refund_id'] },
      },
    },
  ],
  statuses: {
    ...STATUS_WORDS,
    lead: 'pending',
    sale: 'approved',
    rebill: 'approved',
    upsell: 'approved',
    rejected: 'rejected',
  },
  // a word that only says how sure it is says its event by that too
  events: { ...EVENT_WORDS, lead: 'sale', upsell: 'sale' },
  notation: 'decimal',
  currency: 'account',
  duplicates: 'update',
  txnIsClick: false,
  setup: [
    'Put the campaign link of the tracker into the offer’s destination and name this source there: npx onehop offer update <offer> --source-id {source} (a new one: npx onehop offer create <offer> --destination <link> --source-id {source}). Onehop then adds {subid_param} with the click id by itself.',
    'In Keitaro open Traffic sources, choose or make the one for SMS, and set its external_id parameter to {subid_param}.',
    'Paste this as its S2S postback URL, and choose the statuses lead, sale, rejected and rebill: {url}',
    'Try it: npx onehop source test {source}',
  ],
};

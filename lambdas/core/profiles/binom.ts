import type { ConversionProfile } from './profile.ts';
import { EVENT_WORDS, OK, STATUS_WORDS } from './words.ts';

/** A Binom tracker that counts us as traffic source. Our click id is its external id; the status is free text. */
export const binom: ConversionProfile = {
  title: 'Binom',
  kind: 'network',
  inlet: 'postbacks',
  reports: 'conversions',
  authentication: { scheme: 'token' },
  acknowledgement: OK,
  subidParam: 'externalid',
  shapes: [
    {
      fields: {
        click_id: { from: ['click_id', 'externalid', 'clickid', 'cnv_id'], macro: '{externalid}' },
        payout: { from: ['payout'], macro: '{payout}' },
        txn_id: { from: ['txn_id'] },
        currency: { from: ['currency', 'cnv_currency'] },
        status: { from: ['status', 'cnv_status'], macro: '{cnv_status}' },
        event: { from: ['event'] },
        ts: { from: ['ts'] },
        refund_id: { from: ['refund_id'] },
      },
    },
  ],
  statuses: {
    ...STATUS_WORDS,
    lead: 'pending',
    sale: 'approved',
    hold: 'pending',
    reject: 'rejected',
    trash: 'rejected',
  },
  events: EVENT_WORDS,
  notation: 'decimal',
  currency: 'account',
  duplicates: 'update',
  txnIsClick: false,
  setup: [
    'Put the campaign link of the tracker into the offer’s destination and name this source there: npx onehop offer update <offer> --source-id {source} (a new one: npx onehop offer create <offer> --destination <link> --source-id {source}). Onehop then adds {subid_param} with the click id by itself.',
    'In Binom open Traffic sources, choose or make the one for SMS, and set its external id parameter to {subid_param}.',
    'Paste this as its postback URL: {url}',
    'Binom has no transaction id: one conversion counts for each click and event. Upsells need the source’s duplicates: add.',
    'Its statuses are free text: map yours in the source, for example statuses: {"trash": "rejected"}.',
    'Try it: npx onehop source test {source}',
  ],
};

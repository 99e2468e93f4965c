import type { ConversionProfile } from './profile.ts';
import { EVENT_WORDS, OK, STATUS_WORDS } from './words.ts';

/** A Voluum tracker that counts us as traffic source. Our click id is its external id; corrections come as negative payouts. */
export const voluum: ConversionProfile = {
  title: 'Voluum',
  kind: 'network',
  inlet: 'postbacks',
  reports: 'conversions',
  authentication: { scheme: 'token' },
  acknowledgement: OK,
  subidParam: 'external_id',
  shapes: [
    {
      fields: {
        click_id: { from: ['click_id', 'externalid', 'external_id', 'cid'], macro: '{externalid}' },
        txn_id: { from: ['txn_id', 'txid', 'transaction.id'], macro: '{transaction.id}' },
        payout: { from: ['payout'], macro: '{payout}' },
        currency: { from: ['currency'] },
        event: { from: ['event', 'et', 'conversion.type'], macro: '{conversion.type}' },
        status: { from: ['status'] },
        ts: { from: ['ts'] },
        refund_id: { from: ['refund_id'] },
      },
    },
  ],
  statuses: STATUS_WORDS,
  events: { ...EVENT_WORDS, default: 'sale' },
  notation: 'decimal',
  currency: 'account',
  duplicates: 'update',
  txnIsClick: false,
  negativeIsRefund: true,
  setup: [
    'Put the campaign link of the tracker into the offer’s destination and name this source there: npx onehop offer update <offer> --source-id {source} (a new one: npx onehop offer create <offer> --destination <link> --source-id {source}). Onehop then adds {subid_param} with the click id by itself.',
    'In Voluum open Traffic sources, choose or make the one for SMS; under External ID set parameter {subid_param}.',
    'Paste this as its traffic source postback URL: {url}',
    'Voluum’s own event types: map each in the source, for example events: {"deposit": "sale"}.',
    'Try it: npx onehop source test {source}',
  ],
};

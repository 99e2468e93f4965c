import type { ConversionProfile } from './profile.ts';
import { EVENT_WORDS, OK, STATUS_WORDS } from './words.ts';

/** A RedTrack tracker that counts us as traffic source. Our click id is its `ref_id`; event types are case-sensitive there. */
export const redtrack: ConversionProfile = {
  title: 'RedTrack',
  kind: 'network',
  inlet: 'postbacks',
  reports: 'conversions',
  authentication: { scheme: 'token' },
  acknowledgement: OK,
  subidParam: 'ref_id',
  shapes: [
    {
      fields: {
        click_id: { from: ['click_id', 'ref_id', 'clickid'], macro: '{ref_id}' },
        txn_id: { from: ['txn_id', 'rdtk_event_id'], macro: '{rdtk_event_id}' },
        payout: { from: ['payout', 'sum'], macro: '{sum}' },
        currency: { from: ['currency'] },
        event: { from: ['event', 'type'], macro: '{type}' },
        status: { from: ['status'], macro: '{status}' },
        ts: { from: ['ts'] },
        refund_id: { from: ['refund_id'] },
      },
    },
  ],
  statuses: { ...STATUS_WORDS, ok: 'approved', new: 'approved' },
  events: { ...EVENT_WORDS, lead: 'lead', conversion: 'sale' },
  notation: 'decimal',
  currency: 'account',
  duplicates: 'update',
  txnIsClick: false,
  setup: [
    'Put the campaign link of the tracker into the offer’s destination and name this source there: npx onehop offer update <offer> --source-id {source} (a new one: npx onehop offer create <offer> --destination <link> --source-id {source}). Onehop then adds {subid_param} with the click id by itself.',
    'In RedTrack open Traffic channels, choose or make the one for SMS, and give it the parameter {subid_param} with the role of click id.',
    'Paste this as its S2S postback URL: {url}',
    'RedTrack’s conversion types: map your own in the source, for example events: {"InitiateCheckout": "lead"}.',
    'Try it: npx onehop source test {source}',
  ],
};

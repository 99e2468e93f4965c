import type { DeliveryProfile } from './profile.ts';

/**
 * Status callbacks of Twilio's Programmable Messaging: a form for every change of a message's status, signed with the account's
 * auth token over the URL and the form. The URL carries our names of the message.
 */
export const twilio: DeliveryProfile = {
  title: 'Twilio (status callbacks)',
  kind: 'own',
  inlet: 'webhooks',
  reports: 'deliveries',
  authentication: { scheme: 'twilio' },
  acknowledgement: { body: '', contentType: 'text/plain; charset=utf-8' },
  setup: [
    'Save the auth token of the Twilio account as the secret of the source: npx onehop source update {source} --secret-file -',
    'Send every message with a StatusCallback of its own: {url}?code=<the personal code in it>, or ?link_no=…&subscriber_id=…, or ?campaign_id=…&message_id=…&subscriber_id=…; add &parts=2 where you know the SMS parts. Percent-encode values.',
    'Add #rc=5&rp=all at the end of that URL, so that Twilio tries again where we cannot be reached.',
    'To count opt-outs, name the plain URL {url} as the webhook for incoming messages where nothing else needs it.',
  ],
};

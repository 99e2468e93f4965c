import type { Column } from './column.ts';

/** A subscriber minted on a link, holdouts included: written by the mint, read by reports and by whoever picks people to message next. */
export const recipientColumns = [
  { name: 'link_no', type: 'bigint', required: true, doc: 'Number of the personal link.' },
  { name: 'subscriber_no', type: 'bigint', required: true, doc: 'Our number of the subscriber.' },
  { name: 'subscriber_id', type: 'string', required: true, doc: 'The sender’s own id of the subscriber.' },
  { name: 'campaign_id', type: 'string', doc: 'Campaign of the link when it was minted.' },
  { name: 'message_id', type: 'string', doc: 'Message (step of a campaign) of the link when it was minted.' },
  { name: 'creative', type: 'string', doc: 'Creative of the link when it was minted.' },
  { name: 'segment', type: 'string', doc: 'Audience segment of the link when it was minted.' },
  { name: 'partner', type: 'string', doc: 'Partner of the link when it was minted.' },
  { name: 'offer_id', type: 'string', doc: 'Offer of the link when it was minted.' },
  {
    name: 'code',
    type: 'string',
    doc: 'Personal code; null for a holdout, which is not messaged. The code a holdout gets on a control link is a row of that link.',
  },
  { name: 'promo_code', type: 'string', doc: 'Promo code of the subscriber in the campaign; null where it has none.' },
  {
    name: 'experiment',
    type: 'string',
    doc: 'Experiment the subscriber was drawn in: the campaign’s, else the account-wide one; null where there was none.',
  },
  { name: 'arm', type: 'string', doc: 'Arm the subscriber was drawn into; null where there was no experiment.' },
  {
    name: 'account_experiment',
    type: 'string',
    doc: 'The account-wide experiment of those who were drawn into the campaign’s as well; else null.',
  },
  { name: 'account_arm', type: 'string', doc: 'Their arm in it.' },
  {
    name: 'minted_at',
    type: 'bigint',
    required: true,
    doc: 'When the code was minted or the arm assigned, epoch milliseconds UTC. Minting again writes another row; views keep the first.',
  },
  { name: 'attributes', type: 'string', doc: 'Further columns of the list as a JSON object of strings.' },
  { name: 'email_hash', type: 'string', doc: 'Keyed hash of the normalised e-mail address.' },
  { name: 'phone_hash', type: 'string', doc: 'Keyed hash of the phone number in E.164.' },
  { name: 'customer_hash', type: 'string', doc: 'Keyed hash of the customer id.' },
] as const satisfies readonly Column[];

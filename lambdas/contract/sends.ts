import type { Column } from './column.ts';

/** What happened to one message to one subscriber; several rows tell its story, and the view `send_states` what it came to. */
export const sendColumns = [
  { name: 'id', type: 'string', required: true, doc: 'The provider’s id of the message; with `type` the natural key.' },
  {
    name: 'type',
    type: 'string',
    required: true,
    doc: '`queued`, `sent`, `delivered`, `failed`, `opt_out` or `opt_in`.',
  },
  { name: 'ts', type: 'bigint', required: true, doc: 'When it happened, epoch milliseconds UTC.' },
  { name: 'received_at', type: 'bigint', required: true, doc: 'When we were told, epoch milliseconds UTC.' },
  {
    name: 'requested_at',
    type: 'bigint',
    doc: 'When the sender handed the message over, epoch milliseconds UTC, where the provider repeats it with every state.',
  },
  {
    name: 'is_final',
    type: 'boolean',
    doc: 'True where the provider calls this state final; null where it does not say.',
  },
  { name: 'campaign_id', type: 'string', doc: 'Campaign of the message.' },
  { name: 'message_id', type: 'string', doc: 'Message (step of a campaign).' },
  { name: 'creative', type: 'string', doc: 'Creative of the link.' },
  { name: 'segment', type: 'string', doc: 'Audience segment of the link.' },
  { name: 'link_no', type: 'bigint', doc: 'Link the message carried; null where the sender named a message only.' },
  { name: 'subscriber_no', type: 'bigint', doc: 'Our number of the subscriber; null where unknown.' },
  { name: 'subscriber_id', type: 'string', doc: 'The sender’s own id of the subscriber; null where unknown.' },
  { name: 'provider', type: 'string', doc: 'Who told: `api`, or the id of a source.' },
  { name: 'detail', type: 'string', doc: 'The provider’s own word for the state, and its error code.' },
  { name: 'parts', type: 'bigint', doc: 'SMS parts the message took.' },
  { name: 'encoding', type: 'string', doc: '`GSM` or `UCS-2`, as the provider tells.' },
  {
    name: 'price_micros',
    type: 'bigint',
    doc: 'What the message cost, carrier fees included, in millionths of `currency`.',
  },
  { name: 'currency', type: 'string', doc: 'Currency of the price, ISO 4217.' },
  {
    name: 'price_kind',
    type: 'string',
    doc: '`told` where the provider gave the price, `list` where it is parts (one if unknown) times the price per part of campaign or account.',
  },
  { name: 'country', type: 'string', doc: 'Country of the phone number, ISO 3166-1 alpha-2.' },
  { name: 'carrier', type: 'string', doc: 'Carrier of the phone number, as the provider tells.' },
] as const satisfies readonly Column[];

/** Delivery states and what a subscriber answers, as `type` of a send names them. */
export const SEND_TYPES = ['queued', 'sent', 'delivered', 'failed', 'opt_out', 'opt_in'] as const;
export type SendType = (typeof SEND_TYPES)[number];

/** Totals of a day for senders without events, or for messages that carry a shared slug. */
export const sendTotalColumns = [
  { name: 'campaign_id', type: 'string', required: true, doc: 'Campaign of the message.' },
  { name: 'message_id', type: 'string', required: true, doc: 'Message (step of a campaign).' },
  {
    name: 'date',
    type: 'string',
    required: true,
    doc: 'Day the totals are of, yyyy-MM-dd, in the account’s time zone.',
  },
  { name: 'creative', type: 'string', doc: 'Creative; null where the totals are of all.' },
  { name: 'segment', type: 'string', doc: 'Audience segment; null where the totals are of all.' },
  {
    name: 'ts',
    type: 'bigint',
    required: true,
    doc: 'Twelve hours after the day began in the account’s time zone, epoch milliseconds UTC.',
  },
  {
    name: 'recorded_at',
    type: 'bigint',
    required: true,
    doc: 'When the totals were put, epoch milliseconds UTC; the newest win.',
  },
  { name: 'sent', type: 'bigint', doc: 'Messages sent.' },
  { name: 'delivered', type: 'bigint', doc: 'Messages delivered; null where nobody tells.' },
  { name: 'failed', type: 'bigint', doc: 'Messages that failed; null where nobody tells.' },
  { name: 'opt_outs', type: 'bigint', doc: 'Subscribers who opted out; null where nobody tells.' },
  { name: 'cost_micros', type: 'bigint', doc: 'What they cost, in millionths of `currency`.' },
  { name: 'currency', type: 'string', doc: 'Currency of the cost, ISO 4217.' },
  {
    name: 'price_kind',
    type: 'string',
    doc: '`told` where the cost was given, `list` where it is messages sent times the price per part of campaign or account.',
  },
] as const satisfies readonly Column[];

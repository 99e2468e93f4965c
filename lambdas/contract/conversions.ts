import type { Column } from './column.ts';

/**
 * Entries of the ledger. A conversion is a series of entries whose money adds up to its net; entries are never changed. Where a
 * conversion is matched again, or dated by an earlier report that came late, all its entries come once more with the next `version`: the highest one counts.
 */
export const conversionColumns = [
  { name: 'entry_id', type: 'string', required: true, doc: 'Id of the entry, the same however often it is delivered.' },
  { name: 'conversion_id', type: 'string', required: true, doc: 'Id of the conversion the entry belongs to.' },
  {
    name: 'version',
    type: 'bigint',
    required: true,
    doc: 'Grows when the conversion is matched again, or dated anew by an earlier report that came late; of an entry the highest version counts.',
  },
  {
    name: 'entry',
    type: 'string',
    required: true,
    doc: '`sale` (the conversion itself, whatever its event), `refund`, `chargeback`, `correction` or `status`.',
  },
  { name: 'event', type: 'string', required: true, doc: '`sale`, `lead`, `install`, `signup` or `rebill`.' },
  {
    name: 'status',
    type: 'string',
    required: true,
    doc: 'Status of the conversion after this entry: `pending`, `approved`, `rejected` or `reversed`.',
  },
  { name: 'occurred_at', type: 'bigint', required: true, doc: 'When the entry happened, epoch milliseconds UTC.' },
  {
    name: 'converted_at',
    type: 'bigint',
    required: true,
    doc: 'When the conversion happened, the same on all its entries, epoch milliseconds UTC.',
  },
  { name: 'received_at', type: 'bigint', required: true, doc: 'When we were told, epoch milliseconds UTC.' },
  { name: 'source_id', type: 'string', required: true, doc: 'Source that told.' },
  { name: 'source_kind', type: 'string', required: true, doc: '`network`, `shop` or `own`.' },
  { name: 'network', type: 'string', doc: 'Profile of the source.' },
  { name: 'txn_id', type: 'string', doc: 'The sender’s id of the transaction.' },
  { name: 'order_id', type: 'string', doc: 'The sender’s id of the order.' },
  {
    name: 'click_id',
    type: 'string',
    doc: 'Click id that came along, or that an address led to whose visitor is unknown; verified.',
  },
  { name: 'clicked_at', type: 'bigint', doc: 'Time of that click, out of its id, epoch milliseconds UTC.' },
  { name: 'nonce', type: 'bigint', doc: 'Nonce of that click: joins clicks that were rebuilt from logs.' },
  { name: 'link_no', type: 'bigint', doc: 'Link of that click.' },
  { name: 'subscriber_no', type: 'bigint', doc: 'Our number of the subscriber, however matched.' },
  { name: 'subscriber_id', type: 'string', doc: 'The sender’s own id of the subscriber, however matched.' },
  {
    name: 'identity_subscriber_no',
    type: 'bigint',
    doc: 'Subscriber whom identity alone names (subscriber id, e-mail, phone, customer id), whatever else matched: what arms of an experiment are compared by.',
  },
  { name: 'campaign_id', type: 'string', doc: 'Campaign of that click’s link, or of the promo code.' },
  { name: 'message_id', type: 'string', doc: 'Message of that click’s link.' },
  { name: 'creative', type: 'string', doc: 'Creative of that click’s link.' },
  { name: 'segment', type: 'string', doc: 'Segment of that click’s link.' },
  { name: 'partner', type: 'string', doc: 'Partner of that click’s link.' },
  { name: 'offer_id', type: 'string', doc: 'Offer of that click’s link.' },
  { name: 'match', type: 'string', required: true, doc: '`click_id`, `promo_code`, `identity` or `none`.' },
  {
    name: 'match_conflict',
    type: 'boolean',
    required: true,
    doc: 'True where two keys named different people; the higher one won.',
  },
  { name: 'unmatched_reason', type: 'string', doc: 'Why nothing matched; null where something did.' },
  {
    name: 'revenue_minor',
    type: 'bigint',
    doc: 'What reaches the sender by this entry, signed, in minor units of `currency`: order value of shops and own sites, payout of networks.',
  },
  {
    name: 'payout_minor',
    type: 'bigint',
    doc: 'Payout of a network by this entry, signed, in minor units; null elsewhere.',
  },
  {
    name: 'sale_value_minor',
    type: 'bigint',
    doc: 'Order value a network tells, signed, in minor units; enters no ratio.',
  },
  { name: 'currency', type: 'string', doc: 'ISO 4217 code of the amounts; null where there are none.' },
  {
    name: 'exponent',
    type: 'bigint',
    doc: 'Decimal places of the currency: minor units in a unit are 10 to this power.',
  },
  {
    name: 'promo_code',
    type: 'string',
    doc: 'Promo code that was redeemed, as it came; of several the first that names somebody, else the first.',
  },
  { name: 'customer_ref', type: 'string', doc: 'Keyed hash of the sender’s customer id.' },
  { name: 'email_hash', type: 'string', doc: 'Keyed hash of the normalised e-mail address.' },
  { name: 'phone_hash', type: 'string', doc: 'Keyed hash of the phone number in E.164.' },
  { name: 'product', type: 'string', doc: 'Product, as the sender names it.' },
  { name: 'quantity', type: 'bigint', doc: 'Pieces.' },
  { name: 'origin', type: 'string', required: true, doc: '`postback`, `webhook`, `api` or `reconciliation`.' },
  { name: 'raw_ref', type: 'string', doc: 'Id of the message it was read from, in `postbacks`.' },
] as const satisfies readonly Column[];

/** What was received, before anybody interpreted it. */
export const postbackColumns = [
  { name: 'id', type: 'string', required: true, doc: 'Id of the message.' },
  { name: 'received_at', type: 'bigint', required: true, doc: 'When it was received, epoch milliseconds UTC.' },
  { name: 'source_id', type: 'string', required: true, doc: 'Source it was sent to.' },
  { name: 'method', type: 'string', required: true, doc: 'HTTP method.' },
  { name: 'query', type: 'string', doc: 'Query string as it came; the token in the path is no part of it.' },
  { name: 'content_type', type: 'string', doc: 'Content-Type header.' },
  { name: 'headers', type: 'string', doc: 'Headers the profile reads, as a JSON object; never a signature.' },
  { name: 'body', type: 'string', doc: 'Body in base64; null where it was large, then it lies at `body_ref`.' },
  { name: 'body_ref', type: 'string', doc: 'Key of the object that holds a large body.' },
  {
    name: 'is_pixel',
    type: 'boolean',
    doc: 'Came as a picture, which anybody can ask for: it adds conversions and changes none.',
  },
  { name: 'body_signed', type: 'boolean', doc: 'The body was signed and the query was not: only the body is read.' },
] as const satisfies readonly Column[];

/** Touches of other channels, imported. */
export const touchColumns = [
  { name: 'id', type: 'string', required: true, doc: 'The sender’s id of the touch: the natural key.' },
  { name: 'kind', type: 'string', required: true, doc: '`click`, `view` or `delivery`.' },
  { name: 'ts', type: 'bigint', required: true, doc: 'When it happened, epoch milliseconds UTC.' },
  { name: 'received_at', type: 'bigint', required: true, doc: 'When we were told, epoch milliseconds UTC.' },
  { name: 'channel', type: 'string', required: true, doc: 'Channel, as the sender names it.' },
  {
    name: 'subscriber_no',
    type: 'bigint',
    doc: 'Our number of the subscriber; null where nobody is known by the keys given.',
  },
  { name: 'subscriber_id', type: 'string', doc: 'The sender’s own id of the subscriber.' },
  { name: 'email_hash', type: 'string', doc: 'Keyed hash of the normalised e-mail address.' },
  { name: 'phone_hash', type: 'string', doc: 'Keyed hash of the phone number in E.164.' },
  { name: 'customer_hash', type: 'string', doc: 'Keyed hash of the customer id.' },
  { name: 'campaign_id', type: 'string', doc: 'Campaign.' },
  { name: 'message_id', type: 'string', doc: 'Message (step of a campaign).' },
  { name: 'creative', type: 'string', doc: 'Creative.' },
  { name: 'segment', type: 'string', doc: 'Audience segment.' },
  { name: 'offer_id', type: 'string', doc: 'Offer.' },
  { name: 'cost_micros', type: 'bigint', doc: 'What it cost, in millionths of `currency`.' },
  { name: 'currency', type: 'string', doc: 'Currency of the cost, ISO 4217.' },
] as const satisfies readonly Column[];

/** Exchange rates, as they were put. */
export const rateColumns = [
  { name: 'date', type: 'string', required: true, doc: 'Day the rates are of, yyyy-MM-dd.' },
  {
    name: 'base',
    type: 'string',
    required: true,
    doc: 'Currency that one unit of is worth `rate` units of `currency`.',
  },
  { name: 'currency', type: 'string', required: true, doc: 'Currency, ISO 4217.' },
  { name: 'rate', type: 'double', required: true, doc: 'Units of `currency` for one unit of `base`.' },
  {
    name: 'recorded_at',
    type: 'bigint',
    required: true,
    doc: 'When they were put, epoch milliseconds UTC; the newest win.',
  },
] as const satisfies readonly Column[];

/** What a postback may say, in our words (api.md §5). A profile says under which names a sender says it. */
export const PARAMETERS = [
  'click_id',
  'txn_id',
  'order_id',
  'event',
  'amount',
  'payout',
  'currency',
  'status',
  'ts',
  'promo_code',
  'customer_id',
  'email',
  'phone',
  'country',
  'product',
  'quantity',
  'refund_id',
  'subscriber_id',
] as const;
export type Parameter = (typeof PARAMETERS)[number];

/** Events of the ledger: what a conversion can be. */
export const EVENTS = ['sale', 'lead', 'install', 'signup', 'rebill'] as const;
export type ConversionEvent = (typeof EVENTS)[number];

export const STATUSES = ['pending', 'approved', 'rejected', 'reversed'] as const;
export type ConversionStatus = (typeof STATUSES)[number];

/** What a message does to a conversion: reports it (again), gives money back, or takes it by chargeback. */
export type MessageEntry = 'sale' | 'refund' | 'chargeback';

import { sendColumns } from '../lambdas/contract/sends.ts';
import type { TrinoType, ViewColumn } from './definitions.ts';
import { offered } from './view-columns.ts';

const column = (name: string, type: TrinoType, doc: string): ViewColumn => ({ name, type, doc });

const KEPT = [
  'campaign_id',
  'message_id',
  'creative',
  'segment',
  'link_no',
  'subscriber_no',
  'subscriber_id',
  'provider',
  'detail',
  'parts',
  'encoding',
  'price_micros',
  'currency',
  'price_kind',
  'country',
  'carrier',
];

/** Columns of the view `send_states`, but for the day. */
export const sendStateColumns: readonly ViewColumn[] = [
  column('id', 'varchar', 'The provider’s id of the message.'),
  column(
    'state',
    'varchar',
    '`delivered`, else `failed`, else `sent`, else `queued`, whatever came first; null where a person only answered.',
  ),
  column(
    'delivery',
    'varchar',
    'How a delivery is known: `receipt`, or `carrier` where the carrier took the message, said no more, and gives no receipts for the country. Else null.',
  ),
  column('is_settled', 'boolean', 'True where no other state is to come.'),
  column('sent_at', 'bigint', 'When the message was handed over, else the first state told, epoch milliseconds UTC.'),
  column('delivered_at', 'bigint', 'When it was delivered, epoch milliseconds UTC.'),
  column('failed_at', 'bigint', 'When it failed, epoch milliseconds UTC; a later receipt of delivery outranks it.'),
  column('opted_out_at', 'bigint', 'When the subscriber opted out on it, epoch milliseconds UTC.'),
  column('opted_in_at', 'bigint', 'When the subscriber opted in on it, epoch milliseconds UTC.'),
  ...offered(sendColumns.filter(({ name }) => KEPT.includes(name))),
];

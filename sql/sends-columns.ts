import { sendColumns } from '../lambdas/contract/sends.ts';
import type { ReportColumn, ReportDimension, TrinoType, ViewColumn } from './definitions.ts';
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

const of = (name: string, definition: string, alias = name): ReportDimension => ({
  name: alias,
  column: name,
  definition,
});

const CAMPAIGN = 'Campaign of the message';
const MESSAGE = 'Message (step of a campaign)';

/** Dimensions of the report `sends`. */
export const sendDimensions: readonly ReportDimension[] = [
  of('day', 'Calendar day on which the message was sent, in the time zone asked for, yyyy-MM-dd'),
  of('hour_of_day', 'Hour of the day, 0 to 23; null for totals of a day'),
  of('weekday', 'Day of the week, 1 (Monday) to 7 (Sunday)'),
  of('campaign_id', CAMPAIGN),
  of('campaign_id', CAMPAIGN, 'campaign'),
  of('message_id', MESSAGE),
  of('message_id', MESSAGE, 'message'),
  of('creative', 'Creative of the link'),
  of('segment', 'Audience segment of the link'),
  of('country', 'Country of the phone number, ISO 3166-1 alpha-2; null for totals'),
  of('carrier', 'Carrier of the phone number; null for totals'),
  of('provider', 'Who told: `api`, `aws-sms` or the id of a source; null for totals'),
];

const figure = (name: string, unit: string, definition: string, additive: boolean): ReportColumn => ({
  name,
  unit,
  definition,
  additive,
});

const interval = (rate: string, of: string): ReportColumn[] => [
  figure(rate, 'ratio', `${of}; null where nothing is told`, false),
  figure(`${rate}_low`, 'ratio', 'Lower limit of its 95 % interval (Wilson)', false),
  figure(`${rate}_high`, 'ratio', 'Upper limit of its 95 % interval (Wilson)', false),
];

/** Figures of the report `sends`. */
export const sendFigures: readonly ReportColumn[] = [
  figure('sent', 'messages', 'Messages that got beyond the queue: sent, delivered or failed', true),
  figure(
    'sent_tracked',
    'messages',
    'Of these, messages of which a provider gives receipts: below delivery_rate',
    true,
  ),
  figure(
    'delivered',
    'messages',
    'Messages with a receipt of delivery, or taken by a carrier that gives none; null where no receipt was told',
    true,
  ),
  figure('failed', 'messages', 'Messages that failed and were not delivered; null where no receipt was told', true),
  figure('opt_outs', 'messages', 'Messages, or answers to none, on which a subscriber opted out', true),
  figure('opt_ins', 'messages', 'Messages, or answers to none, on which a subscriber opted in', true),
  figure('parts', 'SMS parts', 'Parts of the messages sent, as far as they are known', true),
  figure('cost', 'money', 'What the messages cost; null where there are several currencies', false),
  figure('currency', 'ISO 4217', 'Currency of cost; null where there are several', false),
  figure(
    'cost_estimated',
    'money',
    'The part of cost that comes from the price list (parts, one if unknown, times price per part), not from the provider',
    false,
  ),
  figure('money', 'list', 'Cost by currency: [{currency, cost, cost_estimated}]', false),
  ...interval('delivery_rate', 'delivered / sent_tracked'),
  ...interval(
    'opt_out_rate',
    'opt_outs / delivered, both of messages of which receipts are told; answers told by themselves count',
  ),
  figure('immature', 'boolean', 'True where messages of the last 72 hours still wait for a receipt', false),
  figure(
    'is_total',
    'boolean',
    'True on the one row over all groups, whose dimensions are null; it is computed, not added up',
    false,
  ),
];

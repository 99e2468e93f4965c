import { WHOSE_EVENT_COUNTS } from './attribution-columns.ts';
import { recipientDimensions } from './clicks-columns.ts';
import type { ReportColumn, ReportDimension } from './definitions.ts';
import { RATIOS, RECEIPTED } from './performance-measures.ts';

const of = (column: string, definition: string, name = column): ReportDimension => ({ name, column, definition });

const CAMPAIGN = 'Campaign';
const MESSAGE = 'Message (step of a campaign)';
const OFFER = 'Offer that was served; no sends';
const LINK = 'Number of the link; no sends';
const SUBSCRIBER = 'The sender’s own id of the subscriber';

/** Dimensions of the report `performance`; the sides that do not have one are named. */
export const performanceDimensions: readonly ReportDimension[] = [
  of('day', 'Calendar day by the basis, in the time zone asked for, yyyy-MM-dd'),
  of('hour_of_day', 'Hour of the day by the basis, 0 to 23; null for totals of a day'),
  of('weekday', 'Day of the week by the basis, 1 (Monday) to 7 (Sunday)'),
  of('campaign_id', CAMPAIGN),
  of('campaign_id', CAMPAIGN, 'campaign'),
  of('message_id', MESSAGE),
  of('message_id', MESSAGE, 'message'),
  of('creative', 'Creative'),
  of('segment', 'Audience segment'),
  of('channel', 'Channel: `sms`, else as touches were imported'),
  of('domain', 'Short domain of the click; no sends'),
  of('offer_id', OFFER),
  of('offer_id', OFFER, 'offer'),
  of('partner', 'Partner of the link; no sends'),
  of('link_no', LINK),
  of('link_no', LINK, 'link'),
  of('country', 'Country of the click, ISO 3166-1 alpha-2; no sends'),
  of('region', 'Region of the click; no sends'),
  of('os', 'Operating system of the click; no sends'),
  of('device', 'Kind of device of the click; no sends'),
  of('actor', 'Verdict of the click; no sends'),
  of('carrier', 'Carrier of the phone number, as the provider tells; sends only'),
  of('source', 'Source that told the conversion; conversions only'),
  of('event', 'Event of the conversion; conversions only'),
  of('status', 'Status of the conversion by its last entry; conversions only'),
  of('match', 'How it was found out who converted; conversions only'),
  of('product', 'Product, as the sender names it; conversions only'),
  of('reason', 'Why a conversion has no touch; null for all else. Rows are always by it'),
  ...recipientDimensions.filter(({ column }) => column !== 'subscriber_id'),
  of('subscriber_id', SUBSCRIBER),
  of('subscriber_id', SUBSCRIBER, 'subscriber'),
];

const ONLY_CONVERSIONS = ['source', 'event', 'status', 'match', 'product'];
const ONLY_TAPS = ['domain', 'offer_id', 'partner', 'link_no', 'country', 'region', 'os', 'device', 'actor'];

/** Columns of dimensions that a side does not have. */
export const LACKING = {
  sends: [...ONLY_CONVERSIONS, ...ONLY_TAPS],
  clicks: [...ONLY_CONVERSIONS, 'carrier'],
  conversions: ['carrier'],
} as const satisfies Record<string, readonly string[]>;

const figure = (name: string, unit: string, definition: string, additive = true): ReportColumn => ({
  name,
  unit,
  definition,
  additive,
});

const ends = (name: string, method: string): ReportColumn[] => [
  figure(`${name}_low`, 'as above', `Lower limit of its 95 % interval (${method})`, false),
  figure(`${name}_high`, 'as above', `Upper limit of its 95 % interval (${method})`, false),
];

const share = (name: string, definition: string): ReportColumn[] => [
  figure(name, 'ratio', definition, false),
  ...ends(name, 'Wilson'),
];

const BASES = (bases: readonly string[]) =>
  bases.length === 3 ? '' : `; only on basis ${bases.join(' or ')}, else null`;
const MONEY = 'null where the row has several currencies that the rates do not bring together';

/** Figures of the report `performance`. */
export const performanceFigures: readonly ReportColumn[] = [
  figure('model', 'name', 'Model under which conversions are credited to touches', false),
  figure('currency', 'ISO 4217', `Currency of the money columns; ${MONEY}`, false),
  figure('sent', 'messages', 'Messages that got beyond the queue, by the time they were sent on every basis'),
  figure('delivered', 'messages', 'Messages with a receipt of delivery; null where no receipt was told'),
  figure('opt_outs', 'messages', 'Messages on which a subscriber opted out'),
  figure('clicks_total', 'clicks', 'Clicks on known codes: clicks_human + clicks_suspect + clicks_bot'),
  figure('clicks_human', 'clicks', 'Clicks judged to be a person’s'),
  figure('clicks_suspect', 'clicks', 'Clicks that may not be a person’s'),
  figure('clicks_bot', 'clicks', 'Clicks judged to be a program’s'),
  figure('clicks_unique', 'subscribers per campaign', 'Distinct (subscriber, campaign) with a human click', false),
  figure('clicks_anonymous', 'clicks', 'Human clicks of no known subscriber'),
  figure(
    'first_clicks',
    'subscribers per link',
    'Distinct (subscriber, link) with a human click; null unless rows are by link',
    false,
  ),
  figure(
    'conversions',
    'conversions',
    `Credits of conversions ${WHOSE_EVENT_COUNTS}, with status pending, approved or reversed; a refunded one stays counted`,
  ),
  figure('conversions_click', 'conversions', 'Of these, those matched by click id'),
  figure('conversions_promo', 'conversions', 'Of these, those matched by promo code'),
  figure('conversions_identity', 'conversions', 'Of these, those matched by identity'),
  figure(
    'conversions_reversed',
    'conversions',
    'Of these, those of which nothing is left: refunded in full or reversed',
  ),
  figure('revenue', 'money', `What reaches the sender, net of what was taken back; ${MONEY}`),
  figure(
    'revenue_gross',
    'money',
    'Revenue by sales and their corrections; what was rejected before it was ever approved is in none',
  ),
  figure(
    'refunded',
    'money',
    'Revenue taken back by refunds, chargebacks and reversals: revenue_gross - refunded = revenue',
  ),
  figure('refunds', 'entries', 'Refunds and chargebacks; the same as refund_count'),
  figure('refund_count', 'entries', 'Refunds and chargebacks'),
  figure('revenue_pending', 'money', 'The part of revenue whose conversions are still pending'),
  figure('revenue_click', 'money', 'The part of revenue matched by click id'),
  figure('revenue_promo', 'money', 'The part of revenue matched by promo code'),
  figure('revenue_identity', 'money', 'The part of revenue matched by identity'),
  figure('payout', 'money', 'Payout of networks, net'),
  figure(
    'cost',
    'money',
    'What the messages cost: prices told, else the price list; null where no price of any is known',
  ),
  figure('profit', 'money', 'Revenue of matched conversions - cost; null where cost is; only on basis send, else null'),
  figure(
    'money',
    'list',
    'Revenue, payout and cost in each currency as it came: [{currency, revenue, payout, cost}]',
    false,
  ),
  ...share('unique_ctr', `clicks_unique / delivered${RECEIPTED}; only on basis send, else null`),
  ...share('delivery_rate', 'delivered / messages of providers that give receipts'),
  ...share('opt_out_rate', `opt_outs / delivered${RECEIPTED}; answers told by themselves count`),
  ...share('bot_share', 'clicks_bot / clicks_total'),
  ...RATIOS.flatMap(({ name, unit, definition, bases }) => [
    figure(name, unit, `${definition}${BASES(bases)}`, false),
    ...ends(name, 'delta method, clustered by subscriber'),
  ]),
  figure('p50_delay_s', 's', 'Time from a credited click to its conversion: half are as short', false),
  figure('p90_delay_s', 's', 'Time from a credited click to its conversion: nine of ten are as short', false),
  figure(
    'small_sample',
    'boolean',
    'True where an interval is left out: under 30 clusters, or under 10 conversions',
    false,
  ),
  figure(
    'immature',
    'boolean',
    'True where a click’s window is still open, or messages of the last 72 hours wait for a receipt',
    false,
  ),
  figure(
    'is_total',
    'boolean',
    'True on the one row over all groups, whose dimensions are null; it is computed, not added up',
    false,
  ),
];

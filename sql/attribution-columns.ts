import { DEFAULT_CONVERSION_EVENTS } from '../lambdas/core/entities/fields.ts';
import { recipientDimensions } from './clicks-columns.ts';
import type { ReportColumn, ReportDimension } from './definitions.ts';

const of = (column: string, definition: string, name = column): ReportDimension => ({ name, column, definition });

const CAMPAIGN = 'Campaign of the touch';
const MESSAGE = 'Message (step of a campaign) of the touch';
const OFFER = 'Offer that the click served, or that the imported touch names';
const LINK = 'Number of the link of the touch';
const SUBSCRIBER = 'The sender’s own id of the subscriber the conversion was matched to';

/** Dimensions that tell touches apart. */
const ofTouches: readonly ReportDimension[] = [
  of('campaign_id', CAMPAIGN),
  of('campaign_id', CAMPAIGN, 'campaign'),
  of('message_id', MESSAGE),
  of('message_id', MESSAGE, 'message'),
  of('creative', 'Creative of the touch'),
  of('segment', 'Audience segment of the touch'),
  of('offer_id', OFFER),
  of('offer_id', OFFER, 'offer'),
  of('partner', 'Partner of the touch'),
  of('link_no', LINK),
  of('link_no', LINK, 'link'),
  of('channel', 'Channel of the touch: `sms` for clicks and codes, else as it was imported'),
];

/** Columns that paths can be made of. */
export const unitColumns = [...new Set(ofTouches.map(({ column }) => column))];

/** Dimensions of reports over paths. */
export const unitDimensions = ofTouches;

/** Dimensions that only clicks have. */
const ofClicks: readonly ReportDimension[] = [
  of('actor', 'Verdict of the click'),
  of('domain', 'Short domain of the click'),
  of('country', 'Country of the click, ISO 3166-1 alpha-2'),
  of('region', 'Region of the click, ISO 3166-2 part after the country'),
  of('os', 'Operating system of the click, from the user agent'),
  of('device', 'Kind of device of the click, from the user agent'),
];

const ofConversions: readonly ReportDimension[] = [
  of('day', 'Calendar day by the basis, in the time zone asked for, yyyy-MM-dd'),
  of('hour_of_day', 'Hour of the day by the basis, in the time zone asked for, 0 to 23'),
  of('weekday', 'Day of the week by the basis, in the time zone asked for, 1 (Monday) to 7 (Sunday)'),
  of('source', 'Source that told the conversion'),
  of('event', 'Event of the conversion: sale, lead, install, signup or rebill'),
  of('status', 'Status of the conversion by its last entry'),
  of('match', 'How it was found out who converted: click_id, promo_code, identity or none'),
  of('product', 'Product, as the sender names it'),
  of('subscriber_id', SUBSCRIBER),
  of('subscriber_id', SUBSCRIBER, 'subscriber'),
  of(
    'reason',
    'Why there is no touch: unmatched, bot_click, outside_window, touch_after_conversion, no_touch, sale_too_old; null where there is one. Rows are always by it',
  ),
];

/** Columns that are read from clicks only where a dimension needs them. */
export const clickOnlyColumns = ['domain', 'country', 'region', 'os', 'device'];

/** Which conversions count: their number is less than that of report `sources`, whose money is the same. */
export const WHOSE_EVENT_COUNTS = `whose event is in the campaign’s conversion_events, else the account’s (by default ${DEFAULT_CONVERSION_EVENTS.join(', ')}: a rebill adds money, not count)`;

const ofRecipients = recipientDimensions.filter(({ column }) => column !== 'subscriber_id');

/** Columns for which recipients are read. */
export const recipientOnlyColumns = ofRecipients.map(({ column }) => column);

/** Dimensions of the report `attribution`. Those of a touch say `(unattributed)` where there is none. */
export const attributionDimensions: readonly ReportDimension[] = [
  ...ofTouches,
  ...ofClicks,
  ...ofConversions,
  ...ofRecipients,
];

const figure = (name: string, unit: string, definition: string, additive = true): ReportColumn => ({
  name,
  unit,
  definition,
  additive,
});

/** Figures of money that every report with conversions has. */
export const moneyFigures: readonly ReportColumn[] = [
  figure('currency', 'ISO 4217', 'Currency of the money columns; null where a row has several', false),
  figure(
    'revenue',
    'money',
    'What reaches the sender, net of what was taken back: order value for shops and own sites, payout for networks; null where a row has several currencies',
  ),
  figure('payout', 'money', 'Payout of networks, net; null where a row has several currencies'),
  figure(
    'revenue_gross',
    'money',
    'Revenue by sales and their corrections; what was rejected before it was ever approved is in none; null where a row has several currencies',
  ),
  figure(
    'refunded',
    'money',
    'Revenue taken back by refunds, chargebacks and reversals: revenue_gross - refunded = revenue; null where a row has several currencies',
  ),
  figure('money', 'list', 'The money columns for each currency there is', false),
];

const isTotal = figure(
  'is_total',
  'boolean',
  'True on the one row over all groups, whose dimensions are null; it is computed, not added up',
  false,
);

const creditFigures: readonly ReportColumn[] = [
  figure('model', 'name', 'Model that divided conversions and money', false),
  figure(
    'window',
    'duration',
    'Window of all touches; null where each has its campaign’s, offer’s or the account’s',
    false,
  ),
  figure(
    'conversions',
    'conversions',
    `Credits: every conversion ${WHOSE_EVENT_COUNTS} and which was not rejected is 1, divided among the touches of its path; to nine digits`,
  ),
  ...moneyFigures,
  figure('touches', 'touches', 'Touches in the paths of conversions, with or without credit'),
];

/** Figures of the report `attribution`. */
export const attributionFigures: readonly ReportColumn[] = [...creditFigures, isTotal];

/** Figures of the report `models`. */
export const modelFigures: readonly ReportColumn[] = [
  ...creditFigures,
  figure('conversions_gain', 'conversions', 'Conversions beyond those under the default model; negative for a loss'),
  figure(
    'revenue_gain',
    'money',
    'Revenue beyond that under the default model; null where a row has several currencies',
  ),
  figure('payout_gain', 'money', 'Payout beyond that under the default model; null where a row has several currencies'),
  isTotal,
];

/** Figures of the report `paths`. */
export const pathFigures: readonly ReportColumn[] = [
  figure(
    'conversions',
    'conversions',
    'Conversions that count (as in report attribution), of the range, in whose path the unit is; overall those with a path',
    false,
  ),
  figure('first_touch', 'conversions', 'Of them, those whose path begins with it'),
  figure('last_touch', 'conversions', 'Of them, those whose path ends with it'),
  figure(
    'assists',
    'conversions',
    'Of them, those whose path ends with another unit; overall those with more than one unit',
    false,
  ),
  figure('clickers', 'subscribers', 'Distinct subscribers with a click on the unit in the range', false),
  figure(
    'prior_clickers',
    'subscribers',
    'Of them, those who had clicked another unit before they first clicked this one, at most a window before the range',
    false,
  ),
  figure(
    'clicks_before_converting',
    'clicks per conversion',
    'Clicks, on whichever unit, in the paths of those conversions / conversions; null without one',
    false,
  ),
  isTotal,
];

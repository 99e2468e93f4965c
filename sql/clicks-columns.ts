import type { ReportColumn, ReportDimension } from './definitions.ts';

const dimension = (column: string, definition: string, name = column): ReportDimension => ({
  name,
  column,
  definition,
});

const CAMPAIGN = 'Campaign of the link';
const MESSAGE = 'Message (step of a campaign) of the link';
const OFFER = 'Offer that was served';
const LINK = 'Number of the link';
export const EXPERIMENT =
  'Experiment the subscriber was first drawn in on the link: the campaign’s, else the account-wide one';
export const ARM = 'Arm of the subscriber in it';
export const ACCOUNT_EXPERIMENT =
  'Account-wide experiment of those drawn in the campaign’s as well, else without a value';
export const ACCOUNT_ARM = 'Their arm in it';
const SUBSCRIBER = 'The sender’s own id of the subscriber';

/** Dimensions of a click that come from its recipient; null where the click is of nobody who was minted. */
export const recipientDimensions: readonly ReportDimension[] = [
  dimension('arm', ARM),
  dimension('experiment', EXPERIMENT),
  dimension('account_arm', ACCOUNT_ARM),
  dimension('account_experiment', ACCOUNT_EXPERIMENT),
  dimension('subscriber_id', SUBSCRIBER),
  dimension('subscriber_id', SUBSCRIBER, 'subscriber'),
];

/** Dimensions of the report `clicks`. */
export const clickDimensions: readonly ReportDimension[] = [
  dimension('day', 'Calendar day in the time zone asked for, yyyy-MM-dd'),
  dimension('hour_of_day', 'Hour of the day in the time zone asked for, 0 to 23'),
  dimension('weekday', 'Day of the week in the time zone asked for, 1 (Monday) to 7 (Sunday)'),
  dimension('domain', 'Short domain of the request'),
  dimension('campaign_id', CAMPAIGN),
  dimension('campaign_id', CAMPAIGN, 'campaign'),
  dimension('message_id', MESSAGE),
  dimension('message_id', MESSAGE, 'message'),
  dimension('creative', 'Creative of the link, or of the split arm that was served'),
  dimension('segment', 'Audience segment of the link'),
  dimension('offer_id', OFFER),
  dimension('offer_id', OFFER, 'offer'),
  dimension('partner', 'Partner of the link'),
  dimension('link_no', LINK),
  dimension('link_no', LINK, 'link'),
  dimension('country', 'Country of the address, ISO 3166-1 alpha-2'),
  dimension('region', 'Region of the address, ISO 3166-2 part after the country'),
  dimension('os', 'Operating system, from the user agent'),
  dimension('device', 'Kind of device, from the user agent'),
  dimension('actor', 'Verdict: human, suspect or bot'),
  dimension('reason', 'Weightiest reason of the verdict, its first; a human click has none'),
  dimension(
    'outcome',
    'What was answered; only under this dimension do codes that led to no link count, in its total too',
  ),
  ...recipientDimensions,
];

const clicks = (name: string, definition: string, additive = true): ReportColumn => ({
  name,
  unit: 'clicks',
  definition,
  additive,
});

/** Figures of the report `clicks`. */
export const clickFigures: readonly ReportColumn[] = [
  clicks(
    'clicks_total',
    'Clicks on known codes, fallbacks included, each once: clicks_human + clicks_suspect + clicks_bot',
  ),
  clicks('clicks_human', 'Clicks judged to be a person’s'),
  clicks('clicks_suspect', 'Clicks that may not be a person’s'),
  clicks('clicks_bot', 'Clicks judged to be a program’s, HEAD and prefetch included'),
  {
    name: 'clicks_unique',
    unit: 'subscribers per campaign',
    definition: 'Distinct pairs of subscriber and campaign with a human click; clicks of no known subscriber left out',
    additive: false,
  },
  clicks('clicks_anonymous', 'Human clicks of no known subscriber'),
  {
    name: 'first_clicks',
    unit: 'subscribers per link',
    definition: 'Distinct pairs of subscriber and link with a human click; null unless rows are by link',
    additive: false,
  },
  {
    name: 'is_total',
    unit: 'boolean',
    definition: 'True on the one row over all groups, whose dimensions are null; it is computed, not added up',
    additive: false,
  },
];

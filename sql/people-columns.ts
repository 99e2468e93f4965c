import { ACCOUNT_ARM, ACCOUNT_EXPERIMENT, ARM, EXPERIMENT } from './clicks-columns.ts';
import type { ReportColumn, ReportDimension } from './definitions.ts';

const of = (column: string, definition: string, name = column): ReportDimension => ({ name, column, definition });

const MESSAGE = 'Message (step of a campaign) of the link when minted';
const CAMPAIGN = 'Campaign of the link when minted';
const OFFER = 'Offer of the link when minted';

const whereMinted: readonly ReportDimension[] = [
  of('day', 'Calendar day of the first minting in the time zone asked for, yyyy-MM-dd'),
  of('campaign_id', CAMPAIGN),
  of('campaign_id', CAMPAIGN, 'campaign'),
  of('message_id', MESSAGE),
  of('message_id', MESSAGE, 'message'),
  of('creative', 'Creative of the link when minted'),
  of('segment', 'Audience segment of the link when minted'),
  of('partner', 'Partner of the link when minted'),
  of('offer_id', OFFER),
  of('offer_id', OFFER, 'offer'),
  of('link_no', 'Number of the link'),
  of('link_no', 'Number of the link', 'link'),
];

const experiment = of(
  'experiment',
  'Experiment the subscriber was drawn in; who was drawn account-wide and in the campaign counts in either',
);
const arm = of('arm', 'Arm the subscriber was drawn into');

/** Dimensions of the report `recipients`. */
export const recipientReportDimensions = [
  ...whereMinted,
  of('experiment', EXPERIMENT),
  of('arm', ARM),
  of('account_experiment', ACCOUNT_EXPERIMENT),
  of('account_arm', ACCOUNT_ARM),
];

/** Dimensions of the report `experiments`; rows are by the first two in any case. */
export const experimentDimensions = [experiment, arm, ...whereMinted];

/** Fields of single messages: an arm has them all, and its outcomes are of none of them. */
const OF_MESSAGES = ['message_id', 'link_no', 'offer_id'];

/** Dimensions of the report `lift`: what is known of people when they are drawn. */
export const liftDimensions = experimentDimensions.filter(({ column }) => !OF_MESSAGES.includes(column));

const figure = (name: string, unit: string, definition: string, additive: boolean): ReportColumn => ({
  name,
  unit,
  definition,
  additive,
});

const isTotal = figure(
  'is_total',
  'boolean',
  'True on the one row over all groups, whose dimensions are null; it is computed, not added up',
  false,
);
const IDENTITY = 'of whom an e-mail, a phone number or a customer id is known';

/** Figures of the report `recipients`. */
export const recipientFigures: readonly ReportColumn[] = [
  figure(
    'recipients',
    'recipients',
    'Distinct pairs of subscriber and link, holdouts included, each counted when first minted',
    true,
  ),
  figure('subscribers', 'subscribers', 'Distinct subscribers among them', false),
  figure('holdout', 'recipients', 'Recipients without a code: held out, not to be messaged', true),
  figure('with_identity', 'recipients', `Recipients ${IDENTITY}: lift can be measured on them`, true),
  isTotal,
];

/** Figures of the report `experiments`. */
export const experimentFigures: readonly ReportColumn[] = [
  figure(
    'assigned',
    'subscribers',
    'Distinct subscribers by the arm of their first assignment in the experiment',
    true,
  ),
  figure('share', 'ratio', 'assigned / assigned of all arms of the group', false),
  figure(
    'planned_share',
    'ratio',
    'Share the experiment plans for the arm among the arms shown; null where it is not set up',
    false,
  ),
  figure(
    'srm_p',
    'probability',
    'Chance of sizes at least as far from the plan if assignment is sound: Pearson’s chi-square over the arms of the group; null without a plan or with fewer than two arms',
    false,
  ),
  figure(
    'srm',
    'boolean',
    'True where srm_p is under 0.001: do not trust the experiment before the cause is found',
    false,
  ),
  figure('with_identity', 'subscribers', `Assigned subscribers ${IDENTITY}`, true),
  isTotal,
];

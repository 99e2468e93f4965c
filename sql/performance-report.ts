import { exponentOf, unusualExponents } from '../lambdas/core/money.ts';
import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { clickOnlyColumns, recipientOnlyColumns } from './attribution-columns.ts';
import { answeredAt, pathParts, splitParts } from './attribution-parts.ts';
import { termsOf, withReason } from './attribution-report.ts';
import { type AttributionTerms, RULE_MODELS } from './attribution-terms.ts';
import { daysOf, LATE_CLICK_DAYS, longestWindow, termValues } from './attribution-values.ts';
import { LATE_ARRIVAL_DAYS, type ReportRequest } from './definitions.ts';
import { LACKING, performanceDimensions } from './performance-columns.ts';
import type { Sides } from './performance-ratios.ts';
import { sumParts } from './performance-sums.ts';
import { arrivalDay, attributePaths, planOf, type ReportPlan, touches } from './report-plan.ts';
import { attributePart, filled, filterPart, groupParts } from './report-text.ts';
import { sendStatesSince } from './send-states.ts';
import { bound, inPieces, marked, type Values } from './statement.ts';

export const report = { name: 'performance', dimensions: performanceDimensions, attributes: true };

const DAY_MS = 86_400_000;
/** Carriers have this long to give a receipt; AWS then says UNKNOWN. */
const RECEIPTS_MS = 72 * 3_600_000;
/** Rates may be put some days before they are of use. */
const EARLY_RATES_DAYS = 7;

/** The moment of a click, and of a credit with a touch, by the basis. A touch of which no message is known stands at its own time. */
const CLOCKS = {
  conversion: { tap: 'ts', credit: 'occurred_at' },
  click: { tap: 'ts', credit: 'case when reason is null then touched_at else converted_at end' },
  send: {
    tap: answeredAt('tapped_clicks.ts'),
    credit: `case when reason is null then ${answeredAt('touched_at')} else converted_at end`,
  },
} as const;

/**
 * The statement of report `performance`.
 * @throws ReportRequestError on a dimension that the report does not have
 */
export function renderPerformanceReport(request: ReportRequest): Statement {
  const terms = ruleTerms(request);
  const plan = withReason(planOf(report, request));
  const asked = { ...request, terms, basis: basisOf(request) };
  const filters = marked(
    filterPart(plan),
    'filter',
    plan.filters.flatMap(([, values]) => values),
  );
  const days = daysOf(asked, terms);
  const people = peopleParts(plan, request);
  const split = splitParts(asked, [terms.choice.model]);
  const text = filled('reports/performance.sql', {
    ...pathParts(asked, plan),
    ...split,
    ...factParts(asked, plan, split.shared),
    ...sumParts(plan, asked.basis),
    ...factDimensions({ ...people.parts, filters: filters.text }),
    minted: people.parts.minted ?? '',
    ...groupParts(plan, performanceDimensions, ORDER),
  });
  const values = { ...days, ...termValues(terms), ...people.values, ...filters.values, ...ownValues(asked, terms) };
  return bound(text, { ...values, tz: request.tz, offset: request.offset, last: request.offset + request.limit });
}

/** Decimal places of currencies, as a statement takes them. */
export const UNUSUAL_EXPONENTS = inPieces(JSON.stringify(unusualExponents()));

const ORDER =
  'case when reason is null then 0 else 1 end, revenue desc nulls last, human desc nulls last, sent desc nulls last';

/** The clock of a request. */
export const basisOf = ({ basis }: Pick<ReportRequest, 'basis'>): keyof typeof CLOCKS =>
  basis === 'send' || basis === 'conversion' ? basis : 'click';

/** The terms of a request, with a model that credits conversion by conversion: others know no single touches, `last` stands in for them. */
export function ruleTerms(request: ReportRequest): AttributionTerms {
  const terms = termsOf(request);
  const isRule = (RULE_MODELS as readonly string[]).includes(terms.choice.model);
  return isRule ? terms : { ...terms, choice: { ...terms.choice, model: 'last' } };
}

/** Currency of a request. */
export const currencyOf = ({ currency, terms }: ReportRequest): string => currency ?? terms?.rules.currency ?? 'USD';

/** Sides that have every dimension a plan names. */
export function sidesOf(plan: Pick<ReportPlan, 'by' | 'filters'>): Sides {
  const used = [...plan.by, ...plan.filters.map(([column]) => column)];
  const has = (side: keyof typeof LACKING) =>
    !used.some((column) => (LACKING[side] as readonly string[]).includes(column));
  return { sends: has('sends'), clicks: has('clicks'), conversions: has('conversions') };
}

const part = (name: string, parts: Readonly<Record<string, string>> = {}) => filled(`reports/parts/${name}.sql`, parts);

/** Facts of clicks, and all others, with their dimensions. */
function factDimensions(parts: Readonly<Record<string, string>>) {
  const of = (name: string) => part('performance-dimensions', { ...parts, name });
  return { tap_dimensions: of('tap'), other_dimensions: of('other') };
}

function factParts({ basis }: { basis: keyof typeof CLOCKS }, plan: ReportPlan, shared: string) {
  const sides = sidesOf(plan);
  const bySend = basis === 'send';
  const ofClicks = clickOnlyColumns.filter(
    (column) => plan.by.includes(column) || plan.filters.some(([one]) => one === column),
  );
  const touch_fields = clickOnlyColumns.map((column) => (ofClicks.includes(column) ? `${column},` : 'null,')).join(' ');
  return {
    send_units: part('send-units', { states: sendStatesSince.replace('?', '{{?sends_first}}') }),
    rates: part('rates'),
    facts: part('performance-facts', {
      shared,
      ...sendParts(plan),
      ...lumpParts(plan, bySend),
      tapped_clicks: part('clicks-once', { name: 'tapped_clicks' }),
      sent_spans: bySend ? part('sent-spans') : '',
      tap_clock: CLOCKS[basis].tap,
      credit_clock: CLOCKS[basis].credit,
      spans_of_taps: bySend ? part('join-spans', { touch: 'tapped_clicks', at: 'tapped_clicks.ts' }) : '',
      receipted: bySend ? part('receipted') : '',
      receipts_of_taps: bySend ? part('join-receipted') : '',
      is_tracked: bySend ? 'coalesce(span_tracked = 1, receipted_campaign is not null)' : 'false',
      spans_of_credits: bySend ? part('join-spans', { touch: 's', at: 's.touched_at' }) : '',
      message_person: bySend ? 'subscriber_no' : 'cast(null as bigint)',
      message_single: bySend ? 'case when subscriber_no is null then id end' : 'cast(null as varchar)',
      has_sends: String(sides.sends),
      has_clicks: String(sides.clicks),
      has_conversions: String(sides.conversions),
      touch_fields,
    }),
  };
}

/** Recipients are read only where a dimension needs them. */
const needsPeople = (plan: ReportPlan) => touches(plan, [...recipientOnlyColumns, 'subscriber_id']);

/** Messages with the link they went over, where somebody has to be looked up by it. */
const sendParts = (plan: ReportPlan) =>
  needsPeople(plan)
    ? { addressed: part('addressed'), units: 'addressed', send_link: 'addressed_link_no' }
    : { addressed: '', units: 'units', send_link: 'link_no' };

/** Dimensions that messages have of their own. */
const OF_MESSAGES = ['campaign_id', 'message_id', 'creative', 'segment', 'carrier'];
const OF_TIME = ['day', 'hour_of_day', 'weekday'];

/** Messages are many, and but by send they are only added up: alike ones are, before anything else is done with them. */
function lumpParts(plan: ReportPlan, bySend: boolean) {
  if (bySend || needsPeople(plan)) return { lumped_messages: '', messages: 'message_facts' };
  const isKept = (column: string) => touches(plan, [column]);
  const lumped_messages = part('lumped-messages', {
    kept: OF_MESSAGES.filter(isKept)
      .map((column) => `${column},`)
      .join(' '),
    kept_columns: OF_MESSAGES.map((column) =>
      isKept(column) ? `${column},` : `cast(null as varchar) as ${column},`,
    ).join(' '),
    moment: touches(plan, OF_TIME) ? 'cast(floor(cast(ts as double) / 900000) as bigint)' : '0',
  });
  return { lumped_messages, messages: 'lumped_messages' };
}

function peopleParts(
  plan: ReportPlan,
  { to }: ReportRequest,
): { parts: Readonly<Record<string, string>>; values: Values } {
  const people = 'known_subscriber_id as subscriber_id,';
  if (!needsPeople(plan)) return { parts: { minted: '', join_people: '', attributes: '', people }, values: {} };
  const attributes = marked(attributePart(plan), 'attribute', attributePaths(plan));
  const minted = marked(part('minted'), 'minted', [arrivalDay(to - 1, LATE_ARRIVAL_DAYS), to]);
  const parts = {
    minted: minted.text,
    join_people: part('join-people'),
    attributes: attributes.text,
    people:
      'arm, experiment, account_arm, account_experiment, coalesce(known_subscriber_id, minted_subscriber_id) as subscriber_id,',
  };
  return { parts, values: { ...attributes.values, ...minted.values } };
}

function ownValues(request: ReportRequest & { basis: keyof typeof CLOCKS }, terms: AttributionTerms): Values {
  const { from, to, basis, asOf = to } = request;
  const currency = currencyOf(request);
  const late = basis === 'send' ? LATE_CLICK_DAYS : 0;
  return {
    currency,
    exponent: exponentOf(currency) ?? 2,
    exponents: UNUSUAL_EXPONENTS,
    asked_at: asOf,
    receipts_from: asOf - RECEIPTS_MS,
    longest_window: longestWindow(terms),
    clicks_first: arrivalDay(from, -1),
    clicks_last: arrivalDay(to - 1 + late * DAY_MS, LATE_ARRIVAL_DAYS),
    rates_first: arrivalDay(from, -EARLY_RATES_DAYS),
  };
}

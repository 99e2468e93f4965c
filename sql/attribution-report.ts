import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { attributionDimensions, clickOnlyColumns, recipientOnlyColumns } from './attribution-columns.ts';
import { type AttributionTerms, RULE_MODELS } from './attribution-terms.ts';
import { type Basis, type Days, daysOf, termValues } from './attribution-values.ts';
import { type ReportRequest, ReportRequestError } from './definitions.ts';
import { attributePaths, planOf, type ReportPlan, touches } from './report-plan.ts';
import { attributePart, filled, filterPart, groupParts } from './report-text.ts';
import { bound, marked, type Values } from './statement.ts';

const report = { name: 'attribution', dimensions: attributionDimensions, attributes: true };

/** Money that a split divides, each after the step that divided the one before. */
const AMOUNTS = ['revenue_net', 'revenue_before', 'payout_net', 'payout_before'];

/** Which moment decides range and day. */
const CLOCKS: Readonly<Record<Basis, string>> = {
  conversion: 'occurred_at',
  click: 'case when reason is null then touched_at else converted_at end',
  send: 'case when reason is null then coalesce(sent_at, touched_at) else converted_at end',
};

/**
 * The statement of report `attribution` for models that work conversion by conversion.
 * @throws ReportRequestError on a dimension that the report does not have
 */
export function renderAttributionReport(request: ReportRequest): Statement {
  const terms = termsOf(request);
  const plan = withReason(planOf(report, request));
  const filters = marked(
    filterPart(plan),
    'filter',
    plan.filters.flatMap(([, values]) => values),
  );
  const days = daysOf(rangeOf(request), terms);
  const people = recipientParts(plan, days);
  const text = filled('reports/attribution.sql', {
    ...creditParts(request, [terms.choice.model], plan),
    ...people.parts,
    ...groupParts(plan, attributionDimensions, UNATTRIBUTED_LAST),
    by: plan.by.join(', '),
    filters: filters.text,
  });
  const values = { ...days, ...termValues(terms), ...people.values, ...filters.values };
  return bound(text, { ...values, tz: request.tz, offset: request.offset, last: request.offset + request.limit });
}

const UNATTRIBUTED_LAST = 'case when reason is null then 0 else 1 end, conversions desc';

const rangeOf = ({ from, to, basis = 'conversion' }: ReportRequest) => ({ from, to, basis });

export function termsOf({ terms }: ReportRequest): AttributionTerms {
  if (!terms) throw new ReportRequestError('attribution needs terms');
  return terms;
}

/** Rows are by the reason too: what has no touch is never added to what has one. */
export function withReason(plan: ReportPlan): ReportPlan {
  return { ...plan, by: [...new Set([...plan.by, 'reason'])] };
}

/** Parts that lead from the lake to one row for each entry, touch and model. */
export function creditParts(
  { basis = 'conversion', terms }: ReportRequest,
  models: readonly string[],
  plan: ReportPlan,
): Readonly<Record<string, string>> {
  const ofClicks = clickOnlyColumns.filter((column) => isUsed(plan, column));
  const part = (name: string, parts: Readonly<Record<string, string>> = {}) =>
    filled(`reports/parts/${name}.sql`, parts);
  const of = (prefix: string) => ofClicks.map((column) => `, ${prefix}${column}`).join('');
  return {
    terms: part('terms'),
    ledger: part('ledger', { in_scope: basis === 'conversion' ? 'in_range = 1' : SCOPE }),
    touchpoints: part('touchpoints', {
      clicks_of_converted: CLICKS_OF_CONVERTED,
      touches_of_converted: TOUCHES_OF_CONVERTED,
      click_columns: of(''),
      no_click_columns: ofClicks.map(() => ', null').join(''),
    }),
    candidates: part('candidates', { touch_columns: of('t.') }),
    paths: part('paths', { window_ms: terms?.choice.window === null ? OWN_WINDOW : 'account_window' }),
    credits: part('credits', {
      models: models.map((model) => `('${ruleModel(model)}')`).join(', '),
      entry_in_range: basis === 'conversion' ? 'e.occurred_at >= {{?from}} and e.occurred_at < {{?to}}' : 'true',
    }),
    splits: AMOUNTS.map((amount, at) =>
      part('split', { amount, source: at === 0 ? 'entered' : `${AMOUNTS[at - 1]}_shares` }),
    ).join('\n'),
    shared: `${AMOUNTS.at(-1)}_shares`,
    clock: CLOCKS[basis as Basis],
    touch_columns: of(''),
  };
}

const SCOPE = 'converted_at >= {{?scope_from}} and converted_at < {{?scope_to}}';
const OWN_WINDOW =
  'coalesce(element_at(campaign_windows, campaign_id), element_at(offer_windows, offer_id), account_window)';
const TOUCHES_OF_CONVERTED = 'subscriber_no in (select subscriber_no from converted where subscriber_no is not null)';
const CLICKS_OF_CONVERTED = `(
    ${TOUCHES_OF_CONVERTED}
    or click_id in (select click_id from converted where click_id is not null)
    or (recovered and nonce in (select nonce from converted where nonce is not null))
  )`;

/** A model as it may stand in a text. */
function ruleModel(model: string): string {
  const known = RULE_MODELS.find((name) => name === model);
  if (!known) throw new ReportRequestError(`there is no model ${model}`);
  return known;
}

/** Recipients are read only where a dimension needs them. */
function recipientParts(plan: ReportPlan, days: Days): { parts: Readonly<Record<string, string>>; values: Values } {
  if (!touches(plan, recipientOnlyColumns))
    return { parts: { minted: '', join_minted: '', attributes: '', arm: '' }, values: {} };
  const attributes = marked(attributePart(plan), 'attribute', attributePaths(plan));
  const minted = marked(filled('reports/parts/minted.sql', {}), 'minted', [days.touches_last, days.scope_to]);
  const parts = {
    minted: minted.text,
    join_minted: filled('reports/parts/join-minted.sql', {}),
    attributes: attributes.text,
    arm: recipientOnlyColumns.map((column) => `${column},`).join(' '),
  };
  return { parts, values: { ...attributes.values, ...minted.values } };
}

const isUsed = ({ by, filters }: ReportPlan, column: string) =>
  by.includes(column) || filters.some(([filtered]) => filtered === column);

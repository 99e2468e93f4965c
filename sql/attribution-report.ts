import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { attributionDimensions, unitColumns } from './attribution-columns.ts';
import { groupedParts, pathParts, roamingParts, splitParts, walkedParts } from './attribution-parts.ts';
import { type AttributionTerms, DATA_MODELS, RULE_MODELS } from './attribution-terms.ts';
import { daysOf, termValues } from './attribution-values.ts';
import { type ReportRequest, ReportRequestError } from './definitions.ts';
import { planOf, type ReportPlan } from './report-plan.ts';
import { filled, filterPart, groupParts } from './report-text.ts';
import { bound, marked, type Values } from './statement.ts';

const report = { name: 'attribution', dimensions: attributionDimensions, attributes: true };

/** Rows that models are computed from; more are refused rather than cut. */
export const MOST_TALLIES = 50_000;

/** Where null paths may still be open. */
const NEVER = Number.MAX_SAFE_INTEGER;
const UNATTRIBUTED_LAST = 'case when reason is null then 0 else 1 end, conversions desc';

/** True where a model is computed from all paths at once, by the core library. */
export const isDataDriven = (model: string): boolean => DATA_MODELS.some((known) => known === model);

/**
 * The statement of report `attribution`: credits, or the tallies of paths that a data-driven model is computed from.
 * @throws ReportRequestError on a dimension that the report, or the model, does not have
 */
export function renderAttributionReport(request: ReportRequest): Statement {
  const { model } = termsOf(request).choice;
  return isDataDriven(model) ? renderTallies(request) : renderCredits(request, model);
}

function renderCredits(request: ReportRequest, model: string): Statement {
  const plan = withReason(planOf(report, request));
  const split = splitParts(request, [model]);
  const grouped = groupedParts(request, plan, daysFor(request), split.shared);
  const text = filled('reports/attribution.sql', {
    ...pathParts(request, plan),
    ...split,
    ...grouped.parts,
    ...groupParts(plan, attributionDimensions, UNATTRIBUTED_LAST),
  });
  return bound(text, { ...valuesOf(request), ...grouped.values });
}

function renderTallies(request: ReportRequest): Statement {
  const plan = unitPlan(request);
  const parts = { ...pathParts(request, plan), ...roamingParts(request), ...walkedParts(plan.by) };
  return bound(filled('reports/attribution-steps.sql', parts), valuesOf(request));
}

/**
 * The statement of report `models`: credits under every model that works conversion by conversion, and the tallies of paths for the rest.
 * @throws ReportRequestError on a dimension that is none of touches
 */
export function renderModelsReport(request: ReportRequest): Statement {
  const units = unitPlan(request);
  const plan = withColumns({ ...units, filters: [] }, ['reason', 'model']);
  const split = splitParts(request, RULE_MODELS);
  const grouped = groupedParts(request, plan, daysFor(request), split.shared);
  const text = filled('reports/models.sql', {
    ...pathParts(request, plan),
    ...split,
    ...grouped.parts,
    ...roamingParts(request),
    ...walkedParts(units.by),
    by: plan.by.join(', '),
    order: plan.by.map((column) => `${column} nulls last`).join(', '),
    no_by: plan.by.map((column) => (column === 'reason' ? column : 'null')).join(', '),
  });
  return bound(text, { ...valuesOf(request), ...grouped.values });
}

/**
 * The statement of report `paths`.
 * @throws ReportRequestError on a dimension that is none of touches
 */
export function renderPathsReport(request: ReportRequest): Statement {
  const plan = unitPlan(request);
  const filters = marked(
    filterPart(plan),
    'filter',
    plan.filters.flatMap(([, values]) => values),
  );
  const text = filled('reports/paths.sql', {
    ...pathParts(request, plan),
    ...roamingParts(request),
    ...groupParts(plan, attributionDimensions, 'conversions desc, clickers desc'),
    groups: plan.by.map((column) => `${column},`).join(' '),
    filters: filters.text,
  });
  return bound(text, { ...valuesOf(request), ...filters.values });
}

/** A plan by touches alone, which paths are made of. @throws ReportRequestError on another dimension */
function unitPlan(request: ReportRequest): ReportPlan {
  const plan = withoutReason(planOf(report, request));
  const filtered = plan.filters.map(([column]) => column).filter((column) => column !== 'reason');
  const wrong = [...plan.by, ...filtered].filter((column) => !unitColumns.includes(column));
  if (wrong.length > 0) throw new ReportRequestError(`paths have no dimension ${wrong.join(', ')}`);
  return plan;
}

/** Rows are by the reason too: what has no touch is never added to what has one. */
export const withReason = (plan: ReportPlan): ReportPlan => withColumns(plan, ['reason']);

const withoutReason = (plan: ReportPlan): ReportPlan => ({
  ...plan,
  by: plan.by.filter((column) => column !== 'reason'),
});

/** The plan with more columns to group by, behind its own. */
const withColumns = (plan: ReportPlan, columns: readonly string[]): ReportPlan => ({
  ...plan,
  by: [...withoutReason(plan).by, ...columns],
});

/** @throws ReportRequestError where the request has none */
export function termsOf({ terms }: ReportRequest): AttributionTerms {
  if (!terms) throw new ReportRequestError('a report that credits conversions needs terms');
  return terms;
}

const daysFor = (request: ReportRequest) =>
  daysOf({ from: request.from, to: request.to, basis: request.basis ?? 'conversion' }, termsOf(request));

/** Every value that a text may ask for. */
function valuesOf(request: ReportRequest): Values {
  const { tz, offset, limit, to, asOf = to } = request;
  const { choice } = termsOf(request);
  const mature_at = choice.mature ? (choice.as_of ?? asOf) : NEVER;
  const paging = { offset, last: offset + limit, most: MOST_TALLIES + 1 };
  return { ...daysFor(request), ...termValues(termsOf(request)), ...paging, tz, mature_at };
}

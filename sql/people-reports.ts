import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { LATE_ARRIVAL_DAYS, type ReportRequest } from './definitions.ts';
import { experimentDimensions, recipientReportDimensions } from './people-columns.ts';
import { arrivalDay, attributePaths, type Dimensioned, planOf, type ReportPlan } from './report-plan.ts';
import { attributePart, filled, filterPart, groupParts } from './report-text.ts';

const recipients = { name: 'recipients', dimensions: recipientReportDimensions, attributes: true };
const experiments = { name: 'experiments', dimensions: experimentDimensions, attributes: true };

/**
 * The statement of report `recipients`.
 * @throws ReportRequestError on a dimension that the report does not have
 */
export function renderRecipientsReport(request: ReportRequest): Statement {
  return render(recipients, request, 'recipients desc', () => ({}));
}

/**
 * The statement of report `experiments`, whose rows are by experiment and arm before anything else.
 * @throws ReportRequestError on a dimension that the report does not have
 */
export function renderExperimentsReport(request: ReportRequest): Statement {
  return render(experiments, request, 'experiment nulls last', (plan) => ({
    within: plan.by
      .filter((column) => column !== 'arm')
      .map((column) => `, ${column}`)
      .join(''),
  }));
}

function render(
  report: Dimensioned,
  request: ReportRequest,
  orderByFigure: string,
  more: (plan: ReportPlan) => Readonly<Record<string, string>>,
): Statement {
  const plan = planOf(report, request);
  const parts = {
    ...groupParts(plan, report.dimensions, orderByFigure),
    minted: filled('reports/parts/minted.sql', {}),
    drawn: filled('reports/parts/drawn.sql', {}),
    attributes: attributePart(plan),
    filters: filterPart(plan),
    ...more(plan),
  };
  return { sql: filled(`reports/${report.name}.sql`, parts), parameters: parametersOf(request, plan) };
}

function parametersOf(request: ReportRequest, plan: ReportPlan): (string | number)[] {
  const { from, to, tz, offset, limit } = request;
  return [
    ...[arrivalDay(to - 1, LATE_ARRIVAL_DAYS), to],
    ...attributePaths(plan),
    ...[tz, from],
    ...plan.filters.flatMap(([, values]) => values),
    ...[offset, offset + limit],
  ];
}

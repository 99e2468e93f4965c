import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { clickDimensions, recipientDimensions } from './clicks-columns.ts';
import { LATE_ARRIVAL_DAYS, type ReportRequest } from './definitions.ts';
import { arrivalDay, attributePaths, planOf, type ReportPlan, touches } from './report-plan.ts';
import { attributePart, filled, filterPart, groupParts } from './report-text.ts';

const report = { name: 'clicks', dimensions: clickDimensions, attributes: true };
const RECIPIENT_COLUMNS = recipientDimensions.map(({ column }) => column);

/**
 * The statement of report `clicks`. Recipients are read only where a dimension needs them.
 * @throws ReportRequestError on a dimension that the report does not have
 */
export function renderClicksReport(request: ReportRequest): Statement {
  const plan = planOf(report, request);
  const ofRecipients = touches(plan, RECIPIENT_COLUMNS);
  const parts = {
    ...groupParts(plan, clickDimensions, 'clicks_human desc, clicks_total desc'),
    ...(ofRecipients ? recipientParts(plan) : { minted: '', clicks_of_recipients: '', clicked: 'clicked' }),
    first_clicks: plan.by.includes('link_no') ? 'count(distinct subscriber_link)' : 'cast(null as bigint)',
    known_codes: plan.by.includes('outcome') ? 'true' : `code_kind <> 'unknown'`,
    filters: filterPart(plan),
  };
  return { sql: filled('reports/clicks.sql', parts), parameters: parametersOf(request, plan, ofRecipients) };
}

function recipientParts(plan: ReportPlan) {
  return {
    minted: filled('reports/parts/minted.sql', {}),
    clicks_of_recipients: filled('reports/parts/clicks-of-recipients.sql', { attributes: attributePart(plan) }),
    clicked: 'clicks_of_recipients',
  };
}

function parametersOf(request: ReportRequest, plan: ReportPlan, ofRecipients: boolean): (string | number)[] {
  const { from, to, tz, offset, limit } = request;
  const last = arrivalDay(to - 1, LATE_ARRIVAL_DAYS);
  return [
    ...[arrivalDay(from, -1), last],
    ...(ofRecipients ? [last, to] : []),
    ...[tz, from, to],
    ...attributePaths(plan),
    ...plan.filters.flatMap(([, values]) => values),
    ...[offset, offset + limit],
  ];
}

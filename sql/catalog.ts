import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { unitDimensions } from './attribution-columns.ts';
import { isDataDriven } from './attribution-report.ts';
import { attributionReports } from './attribution-reports.ts';
import {
  ACTORS,
  type AttributionChoice,
  type AttributionRules,
  DATA_MODELS,
  RULE_MODELS,
} from './attribution-terms.ts';
import { clickDimensions, clickFigures } from './clicks-columns.ts';
import { renderClicksReport } from './clicks-report.ts';
import { compareReport, metricBases } from './compare-report.ts';
import { mixedWarnings } from './currency-warnings.ts';
import {
  type ReportContext,
  type ReportDefinition,
  type ReportRequest,
  ReportRequestError,
  type SavedQuery,
  type View,
} from './definitions.ts';
import { brokenRule } from './dimension-values.ts';
import { rawName, views } from './lake-views.ts';
import { liftReport } from './lift-definition.ts';
import type { LiftTerms } from './lift-terms.ts';
import {
  clickConversionsStatement,
  clickRowsStatement,
  conversionEntriesStatement,
  type LookedUpClick,
  personTouchesStatement,
} from './lookup-statements.ts';
import {
  experimentDimensions,
  experimentFigures,
  recipientFigures,
  recipientReportDimensions,
} from './people-columns.ts';
import { renderExperimentsReport, renderRecipientsReport } from './people-reports.ts';
import { campaignRecipientsStatement, timelineStatement } from './people-statements.ts';
import { performanceReport } from './performance-definition.ts';
import { promoCodesStatement } from './promo-codes.ts';
import { isDimension, named, planOf } from './report-plan.ts';
import { withSampleRatio } from './sample-ratio-rows.ts';
import { savedQueries } from './saved-queries.ts';
import { sendDimensions, sendFigures } from './sends-columns.ts';
import { renderSendsReport, withMoney } from './sends-report.ts';
import { sourcesReport } from './sources-report.ts';
import { hiveType } from './view-columns.ts';

export type {
  AttributionChoice,
  AttributionRules,
  LiftTerms,
  LookedUpClick,
  ReportContext,
  ReportDefinition,
  ReportRequest,
  SavedQuery,
  View,
};
export {
  ACTORS,
  brokenRule,
  campaignRecipientsStatement,
  clickConversionsStatement,
  clickRowsStatement,
  conversionEntriesStatement,
  DATA_MODELS,
  hiveType,
  isDataDriven,
  isDimension,
  metricBases,
  personTouchesStatement,
  promoCodesStatement,
  ReportRequestError,
  RULE_MODELS,
  rawName,
  savedQueries,
  timelineStatement,
  unitDimensions,
  views,
};

/** Reports by name. The row with `is_total` true is the figure over all groups, in addition to the limit. */
export const reports: Readonly<Record<string, ReportDefinition>> = {
  clicks: {
    name: 'clicks',
    dimensions: clickDimensions,
    attributes: true,
    columns: clickFigures,
    bases: ['click'],
    alwaysBy: [],
    defaultRange: 'week',
    render: renderClicksReport,
  },
  sends: {
    name: 'sends',
    dimensions: sendDimensions,
    attributes: false,
    columns: sendFigures,
    bases: ['send'],
    alwaysBy: [],
    readsOn: true,
    defaultRange: 'week',
    render: renderSendsReport,
    finish: withMoney,
    warn: mixedWarnings,
  },
  recipients: {
    name: 'recipients',
    dimensions: recipientReportDimensions,
    attributes: true,
    columns: recipientFigures,
    bases: ['mint'],
    alwaysBy: [],
    defaultRange: 'week',
    render: renderRecipientsReport,
  },
  experiments: {
    name: 'experiments',
    dimensions: experimentDimensions,
    attributes: true,
    columns: experimentFigures,
    bases: ['mint'],
    alwaysBy: ['experiment', 'arm'],
    defaultRange: 'everything',
    render: renderExperimentsReport,
    finish: withSampleRatio,
  },
  performance: performanceReport,
  lift: liftReport,
  compare: compareReport,
  sources: sourcesReport,
  ...attributionReports,
};

/**
 * The statement of a report for both engines; values only as parameters, identifiers only from the catalogue.
 * @throws ReportRequestError on a report or dimension that does not exist
 */
export function renderReport(name: string, request: ReportRequest): Statement {
  const report = reportOf(name);
  return report.render({ ...request, by: [...report.alwaysBy, ...request.by] });
}

/**
 * Rows of a statement as they are shown: with what SQL cannot tell, under the names that were asked for.
 * @throws ReportRequestError on a report that does not exist
 */
export async function finishReport(
  name: string,
  request: ReportRequest,
  rows: readonly Readonly<Record<string, unknown>>[],
  context: ReportContext,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const report = reportOf(name);
  const finished = report.finish ? await report.finish(rows, request, context) : rows;
  const plan = planOf(report, request);
  return finished.map((row) => named(plan, row));
}

function reportOf(name: string): ReportDefinition {
  const report = Object.hasOwn(reports, name) ? reports[name] : undefined;
  if (!report) throw new ReportRequestError(`there is no report ${name}`);
  return report;
}

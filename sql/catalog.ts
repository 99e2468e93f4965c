import { clickColumns } from '../lambdas/contract/clicks.ts';
import { type LakeTable, lakeTables } from '../lambdas/contract/lake.ts';
import { recipientColumns } from '../lambdas/contract/recipients.ts';
import { sendColumns } from '../lambdas/contract/sends.ts';
import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { accessLogViewColumns } from './access-log-columns.ts';
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
import { attributionViews } from './attribution-views.ts';
import { clickDimensions, clickFigures } from './clicks-columns.ts';
import { renderClicksReport } from './clicks-report.ts';
import { compareReport, metricBases } from './compare-report.ts';
import {
  type ReportContext,
  type ReportDefinition,
  type ReportRequest,
  ReportRequestError,
  type SavedQuery,
  type View,
  type ViewColumn,
} from './definitions.ts';
import { brokenRule } from './dimension-values.ts';
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
import { readSql } from './read-sql.ts';
import { isDimension, named, planOf } from './report-plan.ts';
import { withSampleRatio } from './sample-ratio-rows.ts';
import { savedQueries } from './saved-queries.ts';
import { sendStatesByDay } from './send-states.ts';
import { sendDimensions, sendFigures, sendStateColumns } from './sends-columns.ts';
import { renderSendsReport, withMoney } from './sends-report.ts';
import { sourcesReport } from './sources-report.ts';
import { hiveType, offered, partitionColumn, selectList } from './view-columns.ts';

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
  savedQueries,
  timelineStatement,
  unitDimensions,
};

/**
 * Name of the relation over the files of a lake table (its Glue table): a database holds one relation of a name, and the
 * plain name belongs to the view that people should read.
 */
export function rawName(table: Pick<LakeTable, 'name'>): string {
  return `${table.name}_raw`;
}

const clickedAt: ViewColumn = {
  name: 'clicked_at',
  type: 'timestamp(3)',
  doc: 'Time of `ts`, UTC, with milliseconds.',
};

const mintedTime: ViewColumn = {
  name: 'minted_time',
  type: 'timestamp(3)',
  doc: 'Time of `minted_at`, UTC, with milliseconds.',
};
const toldTime: ViewColumn = { name: 'told_time', type: 'timestamp(3)', doc: 'Time of `ts`, UTC, with milliseconds.' };

const clickViewColumns = [...offered(clickColumns), clickedAt, partitionColumn];

const clicksSql = (path: string) => readSql(path).replace('{{columns}}', selectList(clickColumns));

/** Views in an order in which each reads only what stands before it. */
export const views: readonly View[] = [
  {
    name: 'clicks',
    grain: 'one request on a short domain, repeats of its delivery removed within a day of arrival',
    source: rawName(lakeTables.clicks),
    doc: 'Every request, verdicts as columns. A click delivered on both sides of midnight (UTC) stands on both days.',
    sql: clicksSql('views/clicks.sql'),
    columns: clickViewColumns,
  },
  {
    name: 'human_clicks',
    grain: 'one click of a person on a code that led to a link',
    source: 'clicks',
    doc: 'What the figures named human count.',
    sql: clicksSql('views/human_clicks.sql'),
    columns: clickViewColumns,
  },
  {
    name: 'recipients',
    grain: 'one subscriber minted on one link, repeats removed within a day of arrival',
    source: rawName(lakeTables.recipients),
    doc: 'Who was minted. Whoever is minted again on another day (UTC) stands on both days; the first of them counts.',
    sql: readSql('views/recipients.sql').replace('{{columns}}', selectList(recipientColumns)),
    columns: [...offered(recipientColumns), mintedTime, partitionColumn],
  },
  {
    name: 'sends',
    grain: 'one state of one message (`id` and `type`), repeats removed within a day of arrival',
    source: rawName(lakeTables.sends),
    doc: 'What became of messages, as it was told. Of several tellings of one state a final one counts, then the newest.',
    sql: readSql('views/sends.sql').replace('{{columns}}', selectList(sendColumns)),
    columns: [...offered(sendColumns), toldTime, partitionColumn],
  },
  {
    name: 'send_states',
    grain: 'one message on one day of arrival: what all that was told that day comes to',
    source: rawName(lakeTables.sends),
    doc: 'State, time, price and place of each message. One whose receipts came on several days stands on each with what was told then; the report `sends` puts them together.',
    sql: sendStatesByDay,
    columns: [...sendStateColumns, partitionColumn],
  },
  ...attributionViews,
  {
    name: 'access_logs',
    grain: 'one line of CloudFront’s access log, typed',
    source: rawName(lakeTables.access_logs),
    doc: 'Best effort: a line may be missing or come twice.',
    sql: readSql('views/access_logs.sql'),
    columns: accessLogViewColumns,
  },
];

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

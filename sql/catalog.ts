import { clickColumns } from '../lambdas/contract/clicks.ts';
import { type LakeTable, lakeTables } from '../lambdas/contract/lake.ts';
import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { accessLogViewColumns } from './access-log-columns.ts';
import { clickDimensions, clickFigures } from './clicks-columns.ts';
import { renderClicksReport } from './clicks-report.ts';
import {
  type ReportDefinition,
  type ReportRequest,
  ReportRequestError,
  type SavedQuery,
  type View,
  type ViewColumn,
} from './definitions.ts';
import { promoCodesStatement } from './promo-codes.ts';
import { readSql } from './read-sql.ts';
import { savedQueries } from './saved-queries.ts';
import { hiveType, offered, partitionColumn, selectList } from './view-columns.ts';

export type { ReportRequest, SavedQuery, View };
export { hiveType, promoCodesStatement, ReportRequestError, savedQueries };

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
  clicks: { name: 'clicks', dimensions: clickDimensions, columns: clickFigures },
};

const RENDERERS: Readonly<Record<string, (request: ReportRequest) => Statement>> = { clicks: renderClicksReport };

/**
 * The statement of a report for both engines; values only as parameters, identifiers only from the catalogue.
 * @throws ReportRequestError on a report or dimension that does not exist
 */
export function renderReport(name: string, request: ReportRequest): Statement {
  const render = Object.hasOwn(RENDERERS, name) ? RENDERERS[name] : undefined;
  if (!render) throw new ReportRequestError(`there is no report ${name}`);
  return render(request);
}

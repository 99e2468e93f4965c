import { z } from 'zod';
import { reports } from '../../sql/catalog.ts';
import { Problem } from '../core/api/problem.ts';
import type { Settings } from '../core/entities/settings.ts';
import { readAttributionRules } from './attribution-rules.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import { readLiftTerms } from './lift-terms.ts';
import { noSuchRun, rowsOf, stillRunning } from './query-run.ts';
import { parseReportQuery, REPORT_QUERY, type ReportQuery, statementOf } from './report-query.ts';
import { reportResponse } from './report-view.ts';
import type { ApiServices } from './services.ts';
import { readSettings } from './settings-routes.ts';

export const reportRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/reports/{name}',
    success: [200, 202],
    scopes: ['read'],
    summary: 'Run a report',
    tag: 'reports',
    query: REPORT_QUERY,
    run,
  },
  {
    method: 'GET',
    path: '/v1/reports/runs/{id}',
    success: [200, 202],
    scopes: ['read'],
    summary: 'Result of a report that took longer',
    tag: 'reports',
    run: resume,
  },
];

async function run(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const name = request.params.name ?? '';
  const report = Object.hasOwn(reports, name) ? reports[name] : undefined;
  if (!report)
    throw new Problem(
      404,
      'no_such_report',
      `there is no report ${name}; known are ${Object.keys(reports).join(', ')}`,
    );
  const settings = await readSettings(services);
  const query = await withTerms(parseReportQuery(report, request.query, settings, services.now()), settings, services);
  const queryId = await services.queryEngine.start(statementOf(query));
  return result(queryId, query, request, services);
}

async function resume(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const { queryId, query } = decodeRun(request.params.id ?? '');
  return result(queryId, await withTerms(query, await readSettings(services), services), request, services);
}

/** What campaigns, offers and experiments say stands in no run's id: there may be a lot of it. */
async function withTerms(query: ReportQuery, settings: Settings, services: ApiServices): Promise<ReportQuery> {
  const { choice, name } = query;
  if (!choice) return query;
  const terms = { choice, rules: await readAttributionRules(settings, services) };
  if (!reports[name]?.comparesArms) return { ...query, terms };
  return { ...query, terms, experiments: await readLiftTerms(settings, services) };
}

async function result(
  queryId: string,
  query: ReportQuery,
  request: ApiRequest,
  services: ApiServices,
): Promise<ApiResponse> {
  const rows = await rowsOf(queryId, query.name, services);
  if (rows) return reportResponse(query, rows, request, services);
  const id = encodeRun(queryId, query);
  return stillRunning(id, `/v1/reports/runs/${id}`);
}

/** The id of a run carries all that is needed to show its result, so nothing has to be stored. */
function encodeRun(queryId: string, { terms: _, experiments: __, ...query }: ReportQuery): string {
  return Buffer.from(JSON.stringify([queryId, query])).toString('base64url');
}

function decodeRun(id: string): { queryId: string; query: ReportQuery } {
  const parsed = runSchema.safeParse(parseJson(Buffer.from(id, 'base64url').toString()));
  if (!parsed.success || !Object.hasOwn(reports, parsed.data[1].name)) throw noSuchRun();
  const [queryId, { choice, currency, metric, replacedModel, ...query }] = parsed.data;
  return {
    queryId,
    query: {
      ...query,
      ...(choice && { choice }),
      ...(currency && { currency }),
      ...(metric && { metric }),
      ...(replacedModel && { replacedModel }),
    },
  };
}

const number = z.number().int().min(0);
const texts = z.array(z.string());
const runSchema = z.tuple([
  z.string().min(1).max(128),
  z.strictObject({
    name: z.string(),
    basis: z.string(),
    from: number,
    to: number,
    tz: z.string(),
    by: texts,
    filters: z.record(z.string(), texts),
    limit: number,
    offset: number,
    asOf: number.optional(),
    currency: z.string().optional(),
    metric: z.string().optional(),
    replacedModel: z.string().optional(),
    choice: z
      .strictObject({
        model: z.string(),
        window: z.string().nullable(),
        half_life: z.string(),
        actors: texts,
        as_of: number.nullable(),
        mature: z.boolean(),
      })
      .optional(),
  }),
]);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  InvalidRequestException,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { QueryEngine, QueryPage, QueryState, QueryStatus, Statement } from '../core/reports/query-engine.ts';

type Row = Record<string, unknown>;

/** Most rows one call returns (https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html). */
const MAX_RESULTS = 1_000;

export interface AthenaOptions {
  readonly client: AthenaClient;
  readonly database: string;
  readonly workgroup: string;
}

/** Runs statements in an Athena workgroup (engine v3). */
export class AthenaEngine implements QueryEngine {
  readonly name = 'athena';
  readonly #options: AthenaOptions;

  constructor(options: AthenaOptions) {
    this.#options = options;
  }

  async start({ sql, parameters }: Statement): Promise<string> {
    const { client, database, workgroup } = this.#options;
    const answer = await client.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        QueryExecutionContext: { Database: database },
        WorkGroup: workgroup,
        ...(parameters.length > 0 && { ExecutionParameters: parameters.map(literal) }),
      }),
    );
    return String(answer.QueryExecutionId);
  }

  async poll(queryId: string): Promise<QueryState | null> {
    const status = await this.status(queryId);
    return status?.state === 'done' ? { state: 'done', rows: await this.#rows(queryId) } : status;
  }

  async status(queryId: string): Promise<QueryStatus | null> {
    const state = await this.#execution(queryId);
    if (!state) return null;
    if (state.State === 'SUCCEEDED') return { state: 'done' };
    if (state.State === 'FAILED' || state.State === 'CANCELLED')
      return { state: 'failed', reason: state.StateChangeReason ?? `the query was ${state.State.toLowerCase()}` };
    return { state: 'running' };
  }

  async page(queryId: string, place: string | null, limit: number): Promise<QueryPage | null> {
    // The first page of a result begins with a row of column names, which counts.
    const MaxResults = Math.min(limit + (place === null ? 1 : 0), MAX_RESULTS);
    try {
      const page = await this.#options.client.send(
        new GetQueryResultsCommand({
          QueryExecutionId: queryId,
          MaxResults,
          ...(place !== null && { NextToken: place }),
        }),
      );
      return { rows: toRows(page, place === null), next: page.NextToken ?? null };
    } catch (error) {
      if (error instanceof InvalidRequestException) return null;
      throw error;
    }
  }

  async #execution(queryId: string) {
    try {
      const answer = await this.#options.client.send(new GetQueryExecutionCommand({ QueryExecutionId: queryId }));
      return answer.QueryExecution?.Status ?? null;
    } catch (error) {
      if (error instanceof InvalidRequestException) return null;
      throw error;
    }
  }

  async #rows(queryId: string): Promise<Row[]> {
    const rows: Row[] = [];
    let token: string | undefined;
    do {
      const page: GetQueryResultsCommandOutput = await this.#options.client.send(
        new GetQueryResultsCommand({ QueryExecutionId: queryId, ...(token && { NextToken: token }) }),
      );
      rows.push(...toRows(page, token === undefined));
      token = page.NextToken;
    } while (token);
    return rows;
  }
}

/** Athena replaces placeholders with text as it stands, so a string needs its own quotes. */
function literal(value: string | number): string {
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}

/** The first page of a SELECT begins with the column names. */
function toRows({ ResultSet }: GetQueryResultsCommandOutput, isFirst: boolean): Row[] {
  const columns = ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
  const rows = (ResultSet?.Rows ?? []).slice(isFirst ? 1 : 0);
  return rows.map(({ Data }) =>
    Object.fromEntries(columns.map(({ Name = '', Type = '' }, at) => [Name, toValue(Data?.[at]?.VarCharValue, Type)])),
  );
}

const NUMERIC = new Set(['tinyint', 'smallint', 'integer', 'bigint', 'double', 'float', 'real']);

function toValue(text: string | undefined, type: string): unknown {
  if (text === undefined) return null;
  if (NUMERIC.has(type)) return Number(text);
  if (type === 'boolean') return text === 'true';
  if (type === 'timestamp') return `${text.replace(' ', 'T')}Z`;
  if (type === 'array') return text === '[]' ? [] : text.slice(1, -1).split(', ');
  return text;
}

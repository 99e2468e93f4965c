import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  InvalidRequestException,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { QueryEngine, QueryState, Statement } from '../core/reports/query-engine.ts';

type Row = Record<string, unknown>;

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
    const state = await this.#status(queryId);
    if (!state) return null;
    if (state.State === 'SUCCEEDED') return { state: 'done', rows: await this.#rows(queryId) };
    if (state.State === 'FAILED' || state.State === 'CANCELLED')
      return { state: 'failed', reason: state.StateChangeReason ?? `the query was ${state.State.toLowerCase()}` };
    return { state: 'running' };
  }

  async #status(queryId: string) {
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

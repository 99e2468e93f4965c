/** A statement with `?` placeholders and the values that fill them, in order. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

export type QueryState =
  | { readonly state: 'running' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'done'; readonly rows: readonly Record<string, unknown>[] };

/** Runs SQL over the lake: Athena on AWS, DuckDB on a laptop. */
export interface QueryEngine {
  readonly name: 'athena' | 'duckdb';
  /** Begins a query and returns the id to ask for it by. */
  start(statement: Statement): Promise<string>;
  /** State of a query; null where the id is not known. */
  poll(queryId: string): Promise<QueryState | null>;
}

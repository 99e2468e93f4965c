/** A statement with `?` placeholders and the values that fill them, in order. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

type Row = Readonly<Record<string, unknown>>;

export type QueryStatus =
  | { readonly state: 'running' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'done' };

export type QueryState =
  | Exclude<QueryStatus, { readonly state: 'done' }>
  | { readonly state: 'done'; readonly rows: readonly Row[] };

/** Some rows of a result. */
export interface QueryPage {
  readonly rows: readonly Row[];
  /** Place the next page begins at; null at the end. */
  readonly next: string | null;
}

/** Runs SQL over the lake: Athena on AWS, DuckDB on a laptop. */
export interface QueryEngine {
  readonly name: 'athena' | 'duckdb';
  /** Begins a query and returns the id to ask for it by. */
  start(statement: Statement): Promise<string>;
  /** State of a query with all its rows; null where the id is not known. */
  poll(queryId: string): Promise<QueryState | null>;
  /** State of a query without its rows; null where the id is not known. */
  status(queryId: string): Promise<QueryStatus | null>;
  /**
   * Rows of a query that is done, at most `limit` and at most 999, from a place that the page before told; null begins.
   * Null where the result is not kept any more.
   */
  page(queryId: string, place: string | null, limit: number): Promise<QueryPage | null>;
}

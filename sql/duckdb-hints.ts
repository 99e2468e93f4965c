/** What a step of a WITH bears that is to be made once, before what reads it: to Trino and Athena a comment. */
const HINT = '/*+ materialized */';

/**
 * Text that only DuckDB reads: to Trino and Athena a comment. It says how the rows are got, never which: both engines are
 * held to the same rows (`npm run test:trino`). No value that is bound may stand in it.
 */
const ONLY_DUCKDB = /\/\*\+ duckdb\s([\s\S]*?)\*\//g;

/** Text that DuckDB does not read, with the text that it reads instead. */
const ELSE_DUCKDB = /\/\*\+ athena \*\/[\s\S]*?\/\*\+ duckdb\s([\s\S]*?)\*\//g;

/**
 * A statement with its hints in DuckDB's words. DuckDB 1.5 pushes a filter through a window twice, once with it and once
 * after, so that planning takes twice as long for each window below it; what is materialised ends that.
 */
export const hinted = (sql: string): string =>
  sql.replaceAll(HINT, 'materialized').replaceAll(ELSE_DUCKDB, '$1').replaceAll(ONLY_DUCKDB, '$1');

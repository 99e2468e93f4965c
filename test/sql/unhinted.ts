/**
 * A statement without what DuckDB alone reads, so that DuckDB runs Athena's way to the rows. Steps that are made once stay so: that
 * changes no text, and without it the planner takes seconds.
 */
export const asAthenaReads = (sql: string): string => sql.replace(/\/\*\+ (?:athena \*\/|duckdb\s[\s\S]*?\*\/)/g, '');

import { BIGINT, DOUBLE, type DuckDBType, type DuckDBValue, VARCHAR } from '@duckdb/node-api';

/** Values and their types as the client's run methods take them: whole numbers stay whole. */
export function bind(parameters: readonly (string | number)[]): [DuckDBValue[], DuckDBType[]] {
  const values = parameters.map((value) => (Number.isSafeInteger(value) ? BigInt(value) : value));
  return [values, parameters.map(typeOf)];
}

function typeOf(value: string | number): DuckDBType {
  if (typeof value === 'string') return VARCHAR;
  return Number.isSafeInteger(value) ? BIGINT : DOUBLE;
}

/** A row in plain JSON values. */
export function tidyRow(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, tidy(value)]));
}

function tidy(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(tidy);
  return value;
}

import { ok } from 'node:assert/strict';
import type { Statement } from '../../lambdas/core/reports/query-engine.ts';
import type { Lake } from '../../sql/duckdb.ts';
import { utcDay } from '../sql/clicks-sample.ts';
import type { Row, Trino } from './client.ts';

/** Far more days than the sample has, so that reading all of them shows. */
export const PROJECTED_DAYS = 200;

export interface Engines {
  readonly trino: Trino;
  readonly lake: Lake;
  readonly now: number;
}

/** One claim about the SQL and how it is shown. */
export interface Check {
  readonly name: string;
  readonly run: (engines: Engines) => Promise<void>;
}

/** A statement without values. */
export const plain = (sql: string): Statement => ({ sql, parameters: [] });

/** A timestamp as both engines can be compared by. */
function comparable(row: Row): Row {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'string' ? sameTime(value) : value,
  ]);
  return Object.fromEntries(entries);
}

/** Trino writes `2026-06-15 12:00:00.000` where the lake gives an ISO string, and a date where DuckDB gives its midnight. */
function sameTime(text: string): string {
  const midnight = /^(\d{4}-\d\d-\d\d)T00:00:00\.000Z$/.exec(text);
  if (midnight) return midnight[1] ?? text;
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)
    ? text.replace('T', ' ').slice(0, -1)
    : text.replace(/^(\d{4}-\d\d-\d\d) 00:00:00\.000$/, '$1');
}

/** Rows of both engines; there must be some, or nothing is shown. */
export async function bothRows({ trino, lake }: Engines, statement: Statement): Promise<[trino: Row[], duckdb: Row[]]> {
  const rows = await Promise.all([trino.run(statement), lake.run(statement)]);
  ok(rows[0].length > 0, 'no row came');
  return [rows[0].map(comparable), rows[1].map(comparable)];
}

/** Days from one moment's to another's, both included. */
export function daysBetween(first: number, last: number): string[] {
  const days = [utcDay(first)];
  while (days.at(-1) !== utcDay(last)) days.push(utcDay(first, days.length));
  return days;
}

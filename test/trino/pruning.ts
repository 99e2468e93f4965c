import { PARTITION } from '../../lambdas/contract/lake.ts';
import type { Trino } from './client.ts';
import { daysBetween } from './engines.ts';

interface Bound {
  readonly value?: string;
}

interface Constraint {
  readonly columnName: string;
  readonly domain: { readonly ranges: readonly { readonly low: Bound; readonly high: Bound }[] };
}

interface IoPlan {
  readonly inputTableColumnInfos: readonly {
    readonly table: { readonly schemaTable: { readonly table: string } };
    readonly constraint: { readonly columnConstraints: readonly Constraint[] };
  }[];
}

/**
 * Days of arrival that reach the scans of a query, which decide the files it reads; sorted. With projected partitions
 * the plan names every day, so a filter that does not reach a scan shows as all days of the projection.
 * @param of only of this table's scans @default of all
 * @throws Error where a scan is bounded by no days at all
 */
export async function daysRead(trino: Trino, sql: string, of?: string): Promise<string[]> {
  const [row] = await trino.query(`EXPLAIN (TYPE IO, FORMAT JSON) ${sql}`);
  const plan = JSON.parse(String(row?.['Query Plan'])) as IoPlan;
  const scans = plan.inputTableColumnInfos.filter(({ table }) => of === undefined || table.schemaTable.table === of);
  const days = scans.flatMap(({ constraint }) => daysOf(constraint.columnConstraints));
  return [...new Set(days)].sort();
}

function daysOf(constraints: readonly Constraint[]): string[] {
  const ranges = constraints.find(({ columnName }) => columnName === PARTITION)?.domain.ranges ?? [];
  if (ranges.length === 0) throw new Error('a scan reads days without bound');
  return ranges.flatMap(({ low, high }) => daysIn(low.value, high.value));
}

/** Trino tells many days as the range from the first to the last. */
function daysIn(first: string | undefined, last: string | undefined): string[] {
  if (first === undefined || last === undefined) throw new Error('a scan reads days without bound');
  return daysBetween(Date.parse(first), Date.parse(last));
}

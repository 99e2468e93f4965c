import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GlueType } from '../lambdas/contract/column.ts';
import { type LakeTable, PARTITION } from '../lambdas/contract/lake.ts';
import { rawName } from './catalog.ts';

/** DuckDB's types for the types of the lake. */
export const DUCKDB_TYPES: Readonly<Record<GlueType, string>> = {
  string: 'VARCHAR',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  'array<string>': 'VARCHAR[]',
};

/** True where a table has at least one file. */
export async function hasFiles(lakeDir: string, { name }: LakeTable): Promise<boolean> {
  const folders = await listed(join(lakeDir, name));
  for (const folder of folders.filter((entry) => entry.startsWith(`${PARTITION}=`))) {
    if ((await listed(join(lakeDir, name, folder))).some((file) => file.endsWith('.parquet'))) return true;
  }
  return false;
}

/** Entries of a folder; none where it does not exist. */
async function listed(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

/**
 * The statement that makes the relation over a table's files. Columns come in the types of the contract, and one that
 * older files lack is null; the branch without rows is what names and types them where there is no file at all.
 */
export function tableView(lakeDir: string, table: LakeTable, filled: boolean): string {
  const columns = [...table.columns, { name: PARTITION, type: 'string' as const }];
  const empty = `select ${columns.map(({ name, type }) => `null::${DUCKDB_TYPES[type]} as "${name}"`).join(', ')} where false`;
  const pattern = join(lakeDir, table.name, `${PARTITION}=*`, '*.parquet').replaceAll("'", "''");
  const files = `select * from read_parquet('${pattern}', hive_partitioning = true, hive_types = {'${PARTITION}': VARCHAR}, union_by_name = true)`;
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const source = filled ? `(${empty}) union all by name (${files})` : empty;
  return `create or replace view "${rawName(table)}" as select ${names} from (${source})`;
}

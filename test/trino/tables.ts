import type { GlueType } from '../../lambdas/contract/column.ts';
import { type LakeTable, lakeTables, PARTITION } from '../../lambdas/contract/lake.ts';
import { rawName, views } from '../../sql/catalog.ts';
import { literal, type Trino } from './client.ts';

const TYPES: Readonly<Record<GlueType, string>> = {
  string: 'varchar',
  bigint: 'bigint',
  double: 'double',
  boolean: 'boolean',
  'array<string>': 'array(varchar)',
};

/** First and last day that partition projection works out, yyyy-MM-dd. */
export type Days = readonly [first: string, last: string];

/** Registers a lake's folders as external tables with projected partitions, and creates the catalogue's views over them. */
export async function createTables(trino: Trino, schema: string, lakeDir: string, days: Days): Promise<void> {
  await trino.query(`CREATE SCHEMA ${schema}`);
  for (const table of Object.values(lakeTables)) await trino.query(tableSql(table, lakeDir, days));
  for (const { name, sql } of views) await trino.query(`CREATE VIEW ${name} AS ${sql}`);
}

/** Takes them away again; the files stay. */
export async function dropTables(trino: Trino, schema: string): Promise<void> {
  for (const { name } of views) await trino.query(`DROP VIEW IF EXISTS ${name}`);
  for (const table of Object.values(lakeTables)) await trino.query(`DROP TABLE IF EXISTS ${rawName(table)}`);
  await trino.query(`DROP SCHEMA IF EXISTS ${schema}`);
}

function tableSql(table: LakeTable, lakeDir: string, days: Days): string {
  const columns = table.columns.map(({ name, type }) => `"${name}" ${TYPES[type]}`);
  return `CREATE TABLE ${rawName(table)} (${columns.join(', ')}, ${partitionSql(days)}) WITH (
    format = 'PARQUET', external_location = ${literal(`local://${lakeDir}/${table.name}`)},
    partitioned_by = ARRAY['${PARTITION}'], partition_projection_enabled = true)`;
}

function partitionSql([first, last]: Days): string {
  return `${PARTITION} varchar WITH (
    partition_projection_type = 'date', partition_projection_format = 'yyyy-MM-dd',
    partition_projection_range = ARRAY['${first}', '${last}'],
    partition_projection_interval = 1, partition_projection_interval_unit = 'DAYS')`;
}

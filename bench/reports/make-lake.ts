import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type LakeTable, lakeTables } from '../../lambdas/contract/lake.ts';
import { DUCKDB_TYPES } from '../../sql/lake-tables.ts';
import { DAY_MS, type LakeShape } from './lake-shape.ts';

const ROWS = new URL('./lake-rows.sql', import.meta.url);

/** Columns that the rows lack are null, as they are in the lake. */
function complete({ columns }: LakeTable, rows: string): string {
  const empty = columns.map(({ name, type }) => `null::${DUCKDB_TYPES[type]} as "${name}"`).join(', ');
  return `(select ${empty} where false) union all by name (select * from ${rows})`;
}

async function writeClicks(connection: DuckDBConnection, lakeDir: string, { clicks, days, from }: LakeShape) {
  for (let day = 0; day < days; day++) {
    const dt = new Date(from + day * DAY_MS).toISOString().slice(0, 10);
    const folder = join(lakeDir, 'clicks', `dt=${dt}`);
    mkdirSync(folder, { recursive: true });
    // The clicks of a day are those whose number click_day puts there.
    const [first, end] = [Math.ceil((day * clicks) / days), Math.ceil(((day + 1) * clicks) / days)];
    const rows = complete(lakeTables.clicks, `click_rows(${first}, ${end})`);
    await connection.run(`copy (${rows}) to '${folder}/part.parquet' (format parquet, compression snappy)`);
  }
}

async function writeByDay(connection: DuckDBConnection, lakeDir: string, table: LakeTable, rows: string) {
  const target = join(lakeDir, table.name);
  mkdirSync(lakeDir, { recursive: true });
  const options = 'format parquet, compression snappy, partition_by (dt)';
  await connection.run(`copy (${complete(table, rows)}) to '${target}' (${options})`);
}

/** Writes a lake of clicks, messages and conversions as Parquet in folders by day; the same shape makes the same rows. */
export async function makeLake(lakeDir: string, shape: LakeShape): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { preserve_insertion_order: 'false' });
  const connection = await instance.connect();
  try {
    const { seed, subscribers, campaigns, days, clicks, from } = shape;
    const variables = { seed, subscribers, campaigns, days, clicks, first_day: from };
    for (const [name, value] of Object.entries(variables))
      await connection.run(`set variable ${name} = ${value}::bigint`);
    await connection.run(readFileSync(ROWS, 'utf8'));
    await writeClicks(connection, lakeDir, shape);
    await writeByDay(connection, lakeDir, lakeTables.conversions, `conversion_rows(${shape.conversions})`);
    const clicksPerSend = Math.max(1, Math.floor(clicks / shape.sends));
    await writeByDay(connection, lakeDir, lakeTables.sends, `send_rows(${shape.sends}, ${clicksPerSend})`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

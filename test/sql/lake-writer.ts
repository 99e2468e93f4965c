import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { LakeTable } from '../../lambdas/contract/lake.ts';
import { DUCKDB_TYPES } from '../../sql/lake-tables.ts';

const db = await DuckDBInstance.create(':memory:');

/** An empty folder of its own under the system's temporary folder. */
export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `onehop-${name}-`));
}

/** Writes rows as Parquet, in the types of the contract, the way Firehose lays files out: one file per call and day. */
export async function writeRows(
  lakeDir: string,
  table: LakeTable,
  dt: string,
  rows: readonly object[],
): Promise<string> {
  return writeLines(
    lakeDir,
    table,
    dt,
    rows.map((row) => JSON.stringify(row)),
  );
}

/** The same from JSON lines as the stream carries them. */
export async function writeLines(
  lakeDir: string,
  table: LakeTable,
  dt: string,
  lines: readonly string[],
): Promise<string> {
  const folder = join(lakeDir, table.name, `dt=${dt}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `part-${crypto.randomUUID()}.parquet`);
  const json = `${file}.ndjson`;
  writeFileSync(json, lines.join('\n'));
  const columns = table.columns.map(({ name, type }) => `"${name}": '${DUCKDB_TYPES[type]}'`).join(', ');
  const connection = await db.connect();
  await connection.run(
    `copy (from read_json('${json}', format = 'newline_delimited', columns = {${columns}})) to '${file}' (format parquet)`,
  );
  connection.closeSync();
  rmSync(json);
  return file;
}

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type LakeTable, PARTITION } from '../../lambdas/contract/lake.ts';
import { DUCKDB_TYPES } from '../../sql/lake-tables.ts';

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Writes the lake's Parquet files. A file appears under its name whole or not at all. */
export class ParquetWriter {
  readonly #connection: DuckDBConnection;
  readonly #temporary: string;
  readonly #lake: string;

  private constructor(connection: DuckDBConnection, lake: string, temporary: string) {
    this.#connection = connection;
    this.#lake = lake;
    this.#temporary = temporary;
  }

  /** @param temporary folder for files under way, on the same disk as the lake */
  static async open(lake: string, temporary: string): Promise<ParquetWriter> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '512MB' });
    const connection = await instance.connect();
    await connection.run('SET preserve_insertion_order = true');
    return new ParquetWriter(connection, lake, temporary);
  }

  /** Writes rows, given as lines of JSON, as one file of a partition; the same name again replaces it. */
  async write(table: LakeTable, dt: string, name: string, lines: readonly string[]): Promise<void> {
    const json = join(this.#temporary, `${table.name}-${name}.json`);
    writeFileSync(json, lines.join('\n'));
    const columns = table.columns.map((column) => `${quoted(column.name)}: ${quoted(DUCKDB_TYPES[column.type])}`);
    const source = `read_json(${quoted(json)}, format = 'newline_delimited', columns = {${columns.join(', ')}})`;
    try {
      await this.#copy(`SELECT * FROM ${source}`, this.#target(table, dt, name));
    } finally {
      rmSync(json, { force: true });
    }
  }

  /** Writes what several files of a partition hold as one. */
  async merge(table: LakeTable, dt: string, name: string, files: readonly string[]): Promise<void> {
    const list = files.map(quoted).join(', ');
    const columns = table.columns.map((column) => column.name).join(', ');
    await this.#copy(
      `SELECT ${columns} FROM read_parquet([${list}], hive_partitioning = false)`,
      this.#target(table, dt, name),
    );
  }

  close(): void {
    this.#connection.closeSync();
  }

  async #copy(query: string, target: string): Promise<void> {
    const part = join(this.#temporary, `${target.slice(this.#lake.length + 1).replaceAll('/', '-')}.part`);
    await this.#connection.run(`COPY (${query}) TO ${quoted(part)} (FORMAT parquet, COMPRESSION snappy)`);
    mkdirSync(dirname(target), { recursive: true });
    renameSync(part, target);
  }

  #target(table: LakeTable, dt: string, name: string): string {
    return join(this.#lake, table.name, `${PARTITION}=${dt}`, `${name}.parquet`);
  }
}

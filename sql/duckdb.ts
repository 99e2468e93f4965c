import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { lakeTables } from '../lambdas/contract/lake.ts';
import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { views } from './catalog.ts';
import { bind, tidyRow } from './duckdb-values.ts';
import { hasFiles, tableView } from './lake-tables.ts';
import { readSql } from './read-sql.ts';

export interface LakeOptions {
  /** Folder that holds `<table>/dt=yyyy-MM-dd/*.parquet`; it need not exist yet. Nothing is ever written to it. */
  readonly lakeDir: string;
  /** Database file for the definitions. @default in memory, so that any number of processes may open one lake */
  readonly database?: string;
}

/** What DuckDB says when a file it has just listed is gone: compaction put another in its place. */
const VANISHED = /No files found|No such file|Cannot open file|Could not open file/i;

/** The lake as DuckDB sees it: the tables, the views and the functions of the catalogue. */
export class Lake {
  readonly #instance: DuckDBInstance;
  readonly #lakeDir: string;
  readonly #filled = new Map<string, boolean>();

  private constructor(instance: DuckDBInstance, lakeDir: string) {
    this.#instance = instance;
    this.#lakeDir = lakeDir;
  }

  static async open({ lakeDir, database = ':memory:' }: LakeOptions): Promise<Lake> {
    const lake = new Lake(await DuckDBInstance.create(database), lakeDir);
    await lake.#connected(async (connection) => {
      await connection.run(readSql('duckdb-macros.sql'));
      await lake.#refresh(connection);
      for (const { name, sql } of views) await connection.run(`create or replace view "${name}" as ${sql}`);
    });
    return lake;
  }

  /** Rows of a statement: bigints as numbers, timestamps as ISO strings, arrays as arrays. Files added since are seen. */
  async run({ sql, parameters }: Statement): Promise<Record<string, unknown>[]> {
    return this.#connected(async (connection) => {
      try {
        return await this.#read(connection, { sql, parameters });
      } catch (error) {
        if (!(error instanceof Error && VANISHED.test(error.message))) throw error;
        return this.#read(connection, { sql, parameters });
      }
    });
  }

  close(): void {
    this.#instance.closeSync();
  }

  async #read(connection: DuckDBConnection, { sql, parameters }: Statement): Promise<Record<string, unknown>[]> {
    await this.#refresh(connection);
    const reader = await connection.runAndReadAll(sql, ...bind(parameters));
    return reader.getRowObjectsJS().map(tidyRow);
  }

  /** A pattern that matches nothing is an error to DuckDB, so a table without files has a view of its own. */
  async #refresh(connection: DuckDBConnection): Promise<void> {
    for (const table of Object.values(lakeTables)) {
      const filled = await hasFiles(this.#lakeDir, table);
      if (this.#filled.get(table.name) === filled) continue;
      await connection.run(tableView(this.#lakeDir, table, filled));
      this.#filled.set(table.name, filled);
    }
  }

  async #connected<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.#instance.connect();
    try {
      await connection.run(`set TimeZone = 'UTC'`);
      return await use(connection);
    } finally {
      connection.closeSync();
    }
  }
}

/** Opens the lake of a folder. */
export function openLake(options: LakeOptions): Promise<Lake> {
  return Lake.open(options);
}

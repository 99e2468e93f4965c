import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { lakeTables } from '../lambdas/contract/lake.ts';
import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import { views } from './catalog.ts';
import { hinted } from './duckdb-hints.ts';
import { bind, tidyRow } from './duckdb-values.ts';
import { hasFiles, tableView } from './lake-tables.ts';
import { readSql } from './read-sql.ts';
import { despiteCompaction } from './vanished.ts';

export interface LakeOptions {
  /** Folder that holds `<table>/dt=yyyy-MM-dd/*.parquet`; it need not exist yet. Nothing is ever written to it. */
  readonly lakeDir: string;
  /** Database file for the definitions. @default in memory, so that any number of processes may open one lake */
  readonly database?: string;
}

/**
 * DuckDB 1.5 takes the statistics of another column for those of the partition where files are read by column name: it
 * then fails with an internal error wherever a filter on the partition cannot reach the files. Files are still pruned.
 */
const SETTINGS = { disabled_optimizers: 'statistics_propagation' };

/** The lake as DuckDB sees it: the tables, the views and the functions of the catalogue. */
export class Lake {
  readonly #instance: DuckDBInstance;
  readonly #lakeDir: string;
  readonly #filled = new Map<string, boolean>();
  #refreshing: Promise<void> = Promise.resolve();

  private constructor(instance: DuckDBInstance, lakeDir: string) {
    this.#instance = instance;
    this.#lakeDir = lakeDir;
  }

  static async open({ lakeDir, database = ':memory:' }: LakeOptions): Promise<Lake> {
    const lake = new Lake(await DuckDBInstance.create(database, SETTINGS), lakeDir);
    await lake.#connected(async (connection) => {
      await connection.run(readSql('duckdb-macros.sql'));
      await lake.#refresh(connection);
      for (const { name, sql } of views) await connection.run(`create or replace view "${name}" as ${sql}`);
    });
    return lake;
  }

  /** Rows of a statement: bigints as numbers, timestamps as ISO strings, arrays as arrays. Files added since are seen. */
  async run(statement: Statement): Promise<Record<string, unknown>[]> {
    return this.#connected((connection) => despiteCompaction(() => this.#read(connection, statement)));
  }

  close(): void {
    this.#instance.closeSync();
  }

  async #read(connection: DuckDBConnection, { sql, parameters }: Statement): Promise<Record<string, unknown>[]> {
    await this.#refresh(connection);
    const reader = await connection.runAndReadAll(hinted(sql), ...bind(parameters));
    return reader.getRowObjectsJS().map(tidyRow);
  }

  /** One after another, however many statements run: DuckDB refuses to have a view replaced twice at once. */
  #refresh(connection: DuckDBConnection): Promise<void> {
    const refreshed = this.#refreshing.then(() => this.#define(connection));
    this.#refreshing = refreshed.catch(() => {});
    return refreshed;
  }

  /** A pattern that matches nothing is an error to DuckDB, so a table without files has a view of its own. */
  async #define(connection: DuckDBConnection): Promise<void> {
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

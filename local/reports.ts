import { randomUUID } from 'node:crypto';
import type { QueryEngine, QueryState, Statement } from '../lambdas/core/reports/query-engine.ts';
import { type Lake, openLake } from '../sql/duckdb.ts';

/** Results are kept this long for whoever asks again, ms; on AWS it is Athena that keeps them. */
const KEEP_MS = 10 * 60_000;

/** Reports over the local lake. */
export class DuckDbEngine implements QueryEngine {
  readonly name = 'duckdb';
  readonly #lake: Lake;
  readonly #states = new Map<string, QueryState>();

  private constructor(lake: Lake) {
    this.#lake = lake;
  }

  static async open(lakeDir: string): Promise<DuckDbEngine> {
    return new DuckDbEngine(await openLake({ lakeDir }));
  }

  async start(statement: Statement): Promise<string> {
    const id = randomUUID();
    this.#states.set(id, { state: 'running' });
    void this.#run(statement).then((state) => {
      this.#states.set(id, state);
      setTimeout(() => this.#states.delete(id), KEEP_MS).unref();
    });
    return id;
  }

  async poll(queryId: string): Promise<QueryState | null> {
    return this.#states.get(queryId) ?? null;
  }

  close(): void {
    this.#lake.close();
  }

  async #run(statement: Statement): Promise<QueryState> {
    try {
      return { state: 'done', rows: await this.#lake.run(statement) };
    } catch (error) {
      return { state: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

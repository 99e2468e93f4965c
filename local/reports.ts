import { randomUUID } from 'node:crypto';
import type {
  QueryEngine,
  QueryPage,
  QueryState,
  QueryStatus,
  Statement,
} from '../lambdas/core/reports/query-engine.ts';
import { type Lake, openLake } from '../sql/duckdb.ts';

/** Results are kept this long after somebody asked last, ms; on AWS it is Athena that keeps them. */
const KEEP_MS = 10 * 60_000;

/** Reports over the local lake. */
export class DuckDbEngine implements QueryEngine {
  readonly name = 'duckdb';
  readonly #lake: Lake;
  readonly #states = new Map<string, QueryState>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

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
      this.#keep(id);
    });
    return id;
  }

  async status(queryId: string): Promise<QueryStatus | null> {
    const state = this.#states.get(queryId);
    return state?.state === 'done' ? { state: 'done' } : (state ?? null);
  }

  async page(queryId: string, place: string | null, limit: number): Promise<QueryPage | null> {
    const state = this.#states.get(queryId);
    if (state?.state !== 'done') return null;
    this.#keep(queryId);
    const from = Number(place ?? 0);
    const end = from + limit;
    return { rows: state.rows.slice(from, end), next: end < state.rows.length ? String(end) : null };
  }

  async poll(queryId: string): Promise<QueryState | null> {
    return this.#states.get(queryId) ?? null;
  }

  close(): void {
    this.#lake.close();
  }

  #keep(id: string): void {
    clearTimeout(this.#timers.get(id));
    const forget = () => {
      this.#states.delete(id);
      this.#timers.delete(id);
    };
    this.#timers.set(id, setTimeout(forget, KEEP_MS).unref());
  }

  async #run(statement: Statement): Promise<QueryState> {
    try {
      return { state: 'done', rows: await this.#lake.run(statement) };
    } catch (error) {
      return { state: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

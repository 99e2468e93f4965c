import { setTimeout as sleep } from 'node:timers/promises';
import type { Statement } from '../../lambdas/core/reports/query-engine.ts';

export type Row = Record<string, unknown>;

interface Page {
  readonly nextUri?: string;
  readonly columns?: readonly { readonly name: string }[];
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: { readonly errorName: string; readonly message: string };
}

/** A Trino server, spoken to as https://trino.io/docs/current/develop/client-protocol.html describes. */
export class Trino {
  readonly #url: string;
  readonly #schema: string;

  constructor(url: string, schema: string) {
    this.#url = url;
    this.#schema = schema;
  }

  /** Runs a statement as Athena does: prepared, with literals for its placeholders. */
  async run({ sql, parameters }: Statement): Promise<Row[]> {
    const using = parameters.length > 0 ? ` USING ${parameters.map(literal).join(', ')}` : '';
    return this.query(`EXECUTE IMMEDIATE ${literal(sql)}${using}`);
  }

  /** @throws Error with Trino's message */
  async query(sql: string): Promise<Row[]> {
    const rows: Row[] = [];
    let page = await this.#fetch(`${this.#url}/v1/statement`, sql);
    for (;;) {
      const { error, columns = [], data = [] } = page;
      if (error) throw new Error(`${error.errorName}: ${error.message}\n${sql}`);
      for (const values of data) rows.push(Object.fromEntries(columns.map(({ name }, at) => [name, values[at]])));
      if (!page.nextUri) return rows;
      page = await this.#fetch(page.nextUri);
    }
  }

  async #fetch(url: string, body?: string): Promise<Page> {
    const headers = { 'x-trino-user': 'onehop', 'x-trino-catalog': 'awsdatacatalog', 'x-trino-schema': this.#schema };
    for (let attempt = 0; ; attempt++) {
      const answer = await fetch(url, { headers, ...(body !== undefined && { method: 'POST', body }) });
      if (answer.ok) return (await answer.json()) as Page;
      // The protocol asks clients to come back after 502, 503 and 504.
      if (![502, 503, 504].includes(answer.status) || attempt === 50)
        throw new Error(`Trino answered ${answer.status}: ${await answer.text()}`);
      await sleep(100);
    }
  }
}

/** Text or number as it stands in SQL. */
export function literal(value: string | number): string {
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}

/** A statement with its values in place of the placeholders, for EXPLAIN. */
export function inlined({ sql, parameters }: Statement): string {
  let at = 0;
  return sql.replace(/\?/g, () => literal(parameters[at++] ?? ''));
}

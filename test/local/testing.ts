import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type System, type SystemOptions, startSystem } from '../../local/system.ts';
import { openLake } from '../../sql/duckdb.ts';

/** A folder of its own for a test. */
export const temporaryFolder = () => mkdtempSync(join(tmpdir(), 'onehop-'));

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpAsk {
  readonly port: number;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

/** One request to 127.0.0.1 with exactly these headers, Host among them: `fetch` would not let a test set it. */
export function ask({ port, path, method = 'GET', headers = {}, body }: HttpAsk): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A tap on the default short domain. */
export function tap(system: Pick<System, 'port'>, path: string, headers: Readonly<Record<string, string>> = {}) {
  return ask({ port: system.port, path, headers: { host: 'go.localhost', ...headers } });
}

/** A call of the API with the owner's token. */
export async function callApi(
  system: Pick<System, 'apiOrigin' | 'token'>,
  method: string,
  path: string,
  body?: object,
) {
  const response = await fetch(`${system.apiOrigin}${path}`, {
    method,
    headers: { authorization: `Bearer ${system.token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Rows of a statement over a lake. */
export async function query(lakeDir: string, sql: string): Promise<Record<string, unknown>[]> {
  const lake = await openLake({ lakeDir });
  try {
    return await lake.run({ sql, parameters: [] });
  } finally {
    lake.close();
  }
}

export interface TestSystem extends System {
  /** Lines the edge function logged. */
  readonly lines: string[];
}

/** Runs a test with a system of its own, which leaves nothing behind. */
export async function withSystem(
  options: Partial<SystemOptions>,
  run: (system: TestSystem) => Promise<void>,
): Promise<void> {
  const dataDir = options.dataDir ?? temporaryFolder();
  const lines: string[] = [];
  const write = (text: string) => void lines.push(...text.split('\n').filter(Boolean));
  const system = await startSystem({ flushMs: 60_000, write, ...options, dataDir });
  try {
    await run({ ...system, lines });
  } finally {
    await system.close();
    if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
  }
}

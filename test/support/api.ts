import { randomBytes } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { expect } from 'vitest';
import { openLedger } from '../../lambdas/adapters/attribution/ledger.ts';
import { rematchMarks } from '../../lambdas/adapters/attribution/rematch.ts';
import { SubscriberDirectory } from '../../lambdas/adapters/subscriber-directory.ts';
import { createToken } from '../../lambdas/adapters/token-store.ts';
import { createApi } from '../../lambdas/api/handler.ts';
import type { Route } from '../../lambdas/api/http.ts';
import { successesOf } from '../../lambdas/api/openapi.ts';
import { routes } from '../../lambdas/api/routes.ts';
import type { ApiServices } from '../../lambdas/api/services.ts';
import { type EventRecord, type EventTable, eventTables } from '../../lambdas/contract/lake.ts';
import type { DestinationReport } from '../../lambdas/core/destination/report.ts';
import { SCOPES, type Scope } from '../../lambdas/core/entities/token.ts';
import { parseHomeKeys } from '../../lambdas/core/home-keys.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import type { QueryEngine, Statement } from '../../lambdas/core/reports/query-engine.ts';
import { startTables } from './dynalite.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** An engine that gives back what the test put in, and keeps what it was asked. */
export class CannedEngine implements QueryEngine {
  readonly name = 'duckdb';
  readonly asked: Statement[] = [];
  rows: Record<string, unknown>[] = [];
  /** Polls that say "running" before the rows come. */
  slowness = 0;

  async start(statement: Statement): Promise<string> {
    this.asked.push(statement);
    return `query-${this.asked.length}`;
  }

  async poll(queryId: string) {
    if (!queryId.startsWith('query-')) return null;
    return this.slowness-- > 0 ? ({ state: 'running' } as const) : ({ state: 'done', rows: this.rows } as const);
  }

  async status(queryId: string) {
    const state = await this.poll(queryId);
    return state?.state === 'done' ? ({ state: 'done' } as const) : state;
  }

  async page(queryId: string, place: string | null, limit: number) {
    if (!queryId.startsWith('query-')) return null;
    const end = Number(place ?? 0) + limit;
    return { rows: this.rows.slice(end - limit, end), next: end < this.rows.length ? String(end) : null };
  }
}

/** Streams that keep the rows they were given, by table. */
export class KeptStreams {
  readonly rows = Object.fromEntries(eventTables.map((table) => [table, []])) as unknown as {
    [T in EventTable]: EventRecord<T>[];
  };

  async put<T extends EventTable>(table: T, rows: readonly EventRecord<T>[]): Promise<void> {
    this.rows[table].push(...rows);
  }
}

/** The two key secrets of the test account. */
export const EDGE_SECRET = JSON.stringify({ key_1: 'e'.repeat(64) });
export const HOME_SECRET = JSON.stringify({ key_1: 'h'.repeat(64) });

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly raw?: string;
  readonly token?: string | null;
}

const ANSWERS: DestinationReport = { outcome: 'ok', message: 'answers with 200', hops: [] };

/** The real API over a real DynamoDB, called the way API Gateway does. */
export async function startApi(overrides: Partial<ApiServices> = {}) {
  const tables = await startTables();
  const clock = { now: Date.parse('2026-06-01T12:00:00Z') };
  const engine = new CannedEngine();
  const streams = new KeptStreams();
  const log: unknown[] = [];
  const time = {
    now: () => clock.now,
    sleep: async (ms: number) => {
      clock.now += ms;
    },
  };
  const table = overrides.ledgerTable ?? tables.ledgerTable;
  const keys = { edge: async () => parseKeyring(EDGE_SECRET), home: async () => parseHomeKeys(HOME_SECRET) };
  let ids = 0;
  const ledger = openLedger({
    ...tables,
    ...time,
    keys,
    streams,
    blobs: { get: async () => null },
    newId: () => `id-${++ids}`,
    log: (event, facts) => log.push({ event, ...facts }),
  });
  const services: ApiServices = {
    ...tables,
    ...time,
    queryEngine: engine,
    keys,
    streams,
    ledger,
    rematch: rematchMarks(ledger),
    destinations: { check: async () => ANSWERS, glance: async () => ANSWERS },
    subscribers: new SubscriberDirectory({ table, randomBytes, announce: ledger.announce, ...time }),
    randomBytes,
    log: (event, facts) => log.push({ event, ...facts }),
    deployment: {
      stage: 'test',
      shortOrigin: 'https://go.brand.com',
      shortDomains: ['go.brand.com', 'two.brand.com'],
      ipPolicy: 'hash',
    },
    ...overrides,
  };
  const api = createApi(services);
  const newToken = async (...scopes: Scope[]) =>
    (await createToken(tables.ledgerTable, { name: 't', scopes }, clock.now, randomBytes)).token;
  const everything = await newToken(...SCOPES);

  async function call(method: string, url: string, options: CallOptions = {}): Promise<Answer> {
    const result = await api(toEvent(method, url, options, options.token === undefined ? everything : options.token));
    expectDescribed(method, url, result.statusCode ?? 0);
    const text = result.body ?? '';
    const isBytes = result.isBase64Encoded === true;
    const isJson = /\/(problem\+)?json/.test(String(result.headers?.['content-type']));
    return {
      status: result.statusCode ?? 0,
      headers: result.headers as Record<string, string>,
      body: isBytes ? Buffer.from(text, 'base64') : isJson ? JSON.parse(text) : text,
    };
  }
  return { call, newToken, clock, engine, streams, log, services, token: everything, close: tables.close };
}

/** A success has to be one that the API's description tells of. */
function expectDescribed(method: string, url: string, status: number): void {
  const { pathname } = new URL(url, 'http://api');
  const fits = ({ path }: Route) => new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(pathname);
  const fitting = routes.filter((route) => route.method === method && fits(route));
  // A path without parameters comes before one with: /v1/links/check is no link.
  const [route] = fitting.toSorted((a, b) => a.path.split('{').length - b.path.split('{').length);
  if (route && status < 300) expect(successesOf(route), `${method} ${route.path}`).toContain(status);
}

function toEvent(
  method: string,
  url: string,
  { body, headers, raw }: CallOptions,
  token: string | null,
): APIGatewayProxyEventV2 {
  const { pathname, searchParams, search } = new URL(url, 'http://api');
  const query = [...searchParams.keys()].map((name) => [name, searchParams.getAll(name).join(',')]);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: {
      ...((body !== undefined || raw !== undefined) && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(query.length > 0 && { queryStringParameters: Object.fromEntries(query) }),
    requestContext: {
      domainName: 'api.brand.com',
      requestId: 'request-1',
      http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
    },
    ...((body !== undefined || raw !== undefined) && { body: raw ?? JSON.stringify(body) }),
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
}

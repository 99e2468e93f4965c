import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from '../../system.ts';

/** What a demo needs to know of the system: it plays over HTTP like everybody else. */
export type Origins = Pick<System, 'apiOrigin' | 'token' | 'shortOrigin' | 'port'>;

// biome-ignore lint/suspicious/noExplicitAny: answers have as many shapes as the API
export type Answer = any;

export interface TapAsk {
  readonly host: string;
  readonly code: string;
  readonly method: 'GET' | 'HEAD';
  readonly agent: string;
  readonly address: string;
}

const BUSY_MS = 200;
const ATTEMPTS = 50;

/** The system from outside: the API with a token, the short domain, and what shops and networks call. */
export class Client {
  readonly #origins: Origins;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(origins: Origins) {
    this.#origins = origins;
  }

  get apiOrigin(): string {
    return this.#origins.apiOrigin;
  }

  /** A call of the API, made again while it is busy. @throws Error with the problem where it is refused */
  async call(method: string, path: string, body?: object): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.#call(method, path, body);
      if (response.ok) return response.json();
      if (response.status !== 503 || attempt === ATTEMPTS)
        throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      await sleep(BUSY_MS);
    }
  }

  /** A report, however long it takes. */
  async report(name: string, query: Readonly<Record<string, string>>): Promise<Answer> {
    let path = `/v1/reports/${name}?${new URLSearchParams(query)}`;
    for (;;) {
      const response = await this.#call('GET', path);
      if (response.status === 200) return response.json();
      if (response.status !== 202) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      path = response.headers.get('location') ?? path;
      await sleep(BUSY_MS);
    }
  }

  #call(method: string, path: string, body?: object): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#origins.token}`, 'content-type': 'application/json' };
    return fetch(this.#origins.apiOrigin + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  }

  /** A request on a short link. @returns where it leads @throws Error where it leads nowhere */
  async tap({ host, code, method, agent, address }: TapAsk): Promise<URL> {
    const headers = { host, 'user-agent': agent, 'sim-viewer-ip': address, 'sim-country': 'US' };
    const { status, headers: answered } = await this.#ask({ path: `/${code}`, method, headers });
    if (status !== 302 || !answered.location) throw new Error(`a tap on ${code} was answered with ${status}`);
    return new URL(answered.location);
  }

  #ask(options: object): Promise<{ status: number; headers: IncomingHttpHeaders }> {
    const { port } = this.#origins;
    return new Promise((resolve, reject) => {
      const asked = request(
        { ...options, host: '127.0.0.1', port, agent: this.#agent },
        (response: IncomingMessage) => {
          response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers })).resume();
        },
      );
      asked.on('error', reject).end();
    });
  }

  /** A call of a shop or network, without a token. @throws Error where it is not taken */
  async tell(url: string, options: RequestInit = {}): Promise<void> {
    const response = await fetch(url, options);
    if (!response.ok) throw new Error(`${new URL(url).pathname.split('/')[1]}: ${response.status}`);
    await response.arrayBuffer();
  }

  close(): void {
    this.#agent.destroy();
  }
}

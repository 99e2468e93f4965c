import { CliError } from './cli-error.ts';
import type { Connection } from './connection.ts';
import type { Terminal } from './terminal.ts';

// biome-ignore lint/suspicious/noExplicitAny: bodies are the API's, shown and not interpreted
export type Body = any;

export interface CallOptions {
  readonly body?: unknown;
  /** A body that is no JSON; its type stands in the headers. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Calls the HTTP API; an answer that is a problem becomes an error with every fault on its own line. */
export class Client {
  readonly #connection: Connection;
  readonly #fetch: typeof fetch;

  constructor(connection: Connection, terminal: Terminal) {
    this.#connection = connection;
    this.#fetch = terminal.fetch;
  }

  /** @throws CliError */
  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const answer = await this.ask(method, path, options);
    if (answer.status >= 400) throw toError(answer);
    return answer;
  }

  /** Like {@link call}, but a problem is an answer too. @throws CliError where nothing answers */
  async ask(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const response = await this.#request(method, path, options);
    return { status: response.status, headers: response.headers, body: bodyOf(response, await response.text()) };
  }

  #request(method: string, path: string, { body, bytes, query = {}, headers = {} }: CallOptions): Promise<Response> {
    const url = new URL(path, this.#connection.api);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    return this.#send(url, {
      method,
      headers: {
        authorization: `Bearer ${this.#connection.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(bytes !== undefined && { body: bytes }),
    });
  }

  /** An answer that is a file. @throws CliError */
  async download(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<Buffer> {
    const response = await this.#request('GET', path, { query });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (response.status < 400) return bytes;
    throw toError({ status: response.status, headers: response.headers, body: bodyOf(response, bytes.toString()) });
  }

  /** Every entry of a list, page after page, or the first `limit` of them. */
  async list(
    path: string,
    plural: string,
    query: Record<string, string | undefined>,
    limit = Number.POSITIVE_INFINITY,
  ): Promise<Body[]> {
    const entries: Body[] = [];
    let cursor: string | undefined;
    do {
      const size = String(Math.min(500, limit - entries.length));
      const { body } = await this.call('GET', path, { query: { ...query, limit: size, cursor } });
      entries.push(...body[plural]);
      cursor = body.next_cursor ?? undefined;
    } while (cursor && entries.length < limit);
    return entries;
  }

  async #send(url: URL, init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(url, init);
    } catch (error) {
      const cause =
        error instanceof Error && error.cause instanceof Error
          ? ` (${error.cause.message || (error.cause as NodeJS.ErrnoException).code})`
          : '';
      throw new CliError(`nothing answers at ${url.origin}${cause}: is it running? "npm start" starts the local mode`);
    }
  }
}

const bodyOf = ({ headers }: Response, text: string): Body =>
  /^application\/(\w+\+)?json\b/.test(headers.get('content-type') ?? '') ? JSON.parse(text) : text;

/** What a person is told of an answer that is a problem: every fault on its own line. */
export function toError({ status, body }: Answer): CliError {
  const faults = (body?.errors ?? []) as { path: string; message: string }[];
  const lines = faults.map(({ path, message }) => `${path || 'input'}: ${message}`);
  const message = body?.detail ?? `the API answered ${status}`;
  return new CliError(
    `${message} (${status} ${body?.code ?? ''})`.replace(' )', ')'),
    faults.length === 1 && lines[0] === body?.detail ? [] : lines,
  );
}

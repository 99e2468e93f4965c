import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi } from '../../lambdas/api/handler.ts';
import type { ApiServices } from '../../lambdas/api/services.ts';
import { readBody } from '../../local/api/body.ts';
import { toApiEvent } from '../../local/api/event.ts';

/** A request that a site got. */
export interface Got {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly type: string;
}

/** A site on a port of its own, which keeps what it is asked. */
export interface Site {
  readonly origin: string;
  readonly host: string;
  readonly got: Got[];
  close(): Promise<void>;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const textOf = async (request: IncomingMessage) => String(await readBody(request, 100_000));

/** Serves the page that `html` makes for every path, and JSON for what a script posts. */
export async function startSite(html: () => string): Promise<Site> {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const type = headers['content-type'] ?? '';
    got.push({ method, path: url, body: await textOf(request), type });
    const isPage = !url.endsWith('.js');
    response.writeHead(200, { 'content-type': isPage ? 'text/html; charset=utf-8' : 'application/json' });
    response.end(isPage ? html() : '{}');
  });
  const host = await listen(server);
  return { origin: `http://${host}`, host, got, close: () => closed(server) };
}

/** What the API was asked, and how it answered. */
export interface Answered {
  readonly route: string;
  readonly cookie: string | undefined;
  readonly status: number | undefined;
}

/** The real API on a port of its own. */
export async function serveApi(services: ApiServices) {
  const api = createApi(services);
  const answered: Answered[] = [];
  const server = createServer(async (request, response) => {
    const body = await readBody(request, 100_000);
    const result = await api(toApiEvent(request, body ?? Buffer.alloc(0), 'request-1', services.now()));
    const { method, url, headers } = request;
    answered.push({ route: `${method} ${url}`, cookie: headers.cookie, status: result.statusCode });
    response.writeHead(result.statusCode ?? 500, result.headers as Record<string, string>);
    response.end(result.body);
  });
  return { origin: `http://${await listen(server)}`, answered, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

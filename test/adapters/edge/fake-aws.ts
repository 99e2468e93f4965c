import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  /** Raw text instead of JSON. */
  readonly text?: string;
  readonly delayMs?: number;
  /** Cut the connection instead of answering. */
  readonly hangUp?: true;
}

/** A server that speaks AWS's JSON protocol over real HTTP and answers as the test says. */
export interface FakeAws {
  readonly origin: string;
  readonly calls: Call[];
  /** Connections accepted so far. */
  connections(): number;
  reply: (call: Call) => Reply;
  close(): Promise<void>;
}

export async function startFakeAws(): Promise<FakeAws> {
  let connections = 0;
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = {
      target: String(request.headers['x-amz-target']),
      headers: request.headers,
      body: JSON.parse(Buffer.concat(chunks).toString()),
    };
    fake.calls.push(call);
    const { status = 200, body = {}, text, delayMs = 0, hangUp } = fake.reply(call);
    if (delayMs) await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (hangUp) request.socket.destroy();
    else response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(text ?? JSON.stringify(body));
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeAws = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    connections: () => connections,
    reply: () => ({}),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}

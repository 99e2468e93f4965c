import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call of a service that speaks AWS's JSON protocol: the operation's name and the body as text. */
export interface AwsCall {
  readonly operation: string;
  readonly body: string;
}

/** An error as AWS tells it: its type and a sentence. */
export class AwsServiceError extends Error {
  override readonly name = 'AwsServiceError';
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

export interface AwsReply {
  readonly status: number;
  readonly text: string;
}

/** Larger than any call these services take. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Runs a service's operation and turns its faults into AWS's answers. */
export async function replyTo(serve: (call: AwsCall) => object | Promise<object>, call: AwsCall): Promise<AwsReply> {
  try {
    return { status: 200, text: JSON.stringify(await serve(call)) };
  } catch (error) {
    const { type, status, message } =
      error instanceof AwsServiceError ? error : new AwsServiceError('InternalFailure', String(error), 500);
    return { status, text: JSON.stringify({ __type: type, message }) };
  }
}

/** Listener of a service that speaks AWS's JSON protocol. */
export function awsJsonListener(serve: (call: AwsCall) => object | Promise<object>): RequestListener {
  return (request, response) => {
    readText(request, async (body) => {
      const target = String(request.headers['x-amz-target'] ?? '');
      const operation = target.slice(target.lastIndexOf('.') + 1);
      const { status, text } = await replyTo(serve, { operation, body });
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(text);
    });
  };
}

function readText(request: IncomingMessage, done: (text: string) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) request.destroy();
    else chunks.push(chunk);
  });
  request.on('end', () => done(Buffer.concat(chunks).toString()));
  // A caller that gave up has nothing to be answered; nothing was stored either.
  request.on('error', () => undefined);
}

/** Reads a body as JSON. @throws AwsServiceError */
export function parseBody(body: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // The same answer as to JSON that is no object.
  }
  throw new AwsServiceError('SerializationException', 'the body is not a JSON object');
}

/** A service that listens on this machine only. */
export interface Listening {
  readonly endpoint: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1; port 0 takes a free one. @param sharesPort lets several threads listen on the same port */
export async function listen(server: Server, port = 0, sharesPort = false): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', reusePort: sharesPort }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port: bound } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${bound}`, port: bound, close: () => closeServer(server) };
}

/** Listens with a listener of requests. */
export function listenWith(listener: RequestListener): Promise<Listening> {
  return listen(createServer({ keepAliveTimeout: 60_000 }, listener));
}

/** Takes no more requests, lets those under way end, and then closes the connections kept alive. */
async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });
}

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ApiHandler } from '../../lambdas/api/handler.ts';
import type { PostbackHandler } from '../../lambdas/postback/handler.ts';
import type { Control } from '../control/control.ts';
import { type HostList, hostOf, misdirected } from '../hosts.ts';
import { readBody } from './body.ts';
import { toApiEvent } from './event.ts';

/** The most a Lambda function takes in one call, bytes (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const MAX_REQUEST_BYTES = 6 * 1024 * 1024;
/** The most our API answers in one call, bytes; a Lambda function may answer 6 MB. */
const MAX_ANSWER_BYTES = 5 * 1000 * 1000;
/** An HTTP API waits this long for its function, ms (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html). */
const TIMEOUT_MS = 29_000;

/** Paths that API Gateway routes to the receiving function. */
const INLETS = /^\/(postbacks|webhooks|pixel)\//;

type Result = APIGatewayProxyStructuredResultV2;

export interface ApiServerOptions {
  readonly api: ApiHandler;
  /** Answers what networks and shops send. */
  readonly postback: PostbackHandler;
  readonly control: Control;
  readonly hosts: HostList;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** API Gateway in front of the API's handler, with the local control calls beside it. Not listening yet. */
export function createApiServer(options: ApiServerOptions): Server {
  return createServer((request, response) => {
    answer(request, options).then(
      (result) => send(request, response, result),
      () => response.destroy(),
    );
  });
}

async function answer(
  request: IncomingMessage,
  { api, postback, control, hosts, now }: ApiServerOptions,
): Promise<Result> {
  const host = hostOf(request.headers.host);
  if (!(await hosts.allows(host)))
    return { statusCode: 421, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: misdirected(host) };
  const body = await readBody(request, MAX_REQUEST_BYTES);
  if (!body) return message(413, 'Request Too Long');
  const path = request.url?.split('?', 1)[0] ?? '/';
  if (path.startsWith('/local/')) return control.answer(request, path, body);
  const event = toApiEvent(request, body, randomUUID(), now());
  return limited(INLETS.test(path) ? postback(event) : api(event));
}

/** What the platform does with an answer that comes late or is too long. */
async function limited(working: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Result>((resolve) => {
    timer = setTimeout(() => resolve(message(503, 'Service Unavailable')), TIMEOUT_MS);
  });
  const result = await Promise.race([working, late]).finally(() => clearTimeout(timer));
  const isTooLong = Buffer.byteLength(result.body ?? '') > MAX_ANSWER_BYTES;
  return isTooLong ? message(500, 'Internal Server Error') : result;
}

/** API Gateway's own answers are this short. */
function message(statusCode: number, text: string): Result {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message: text }) };
}

function send(request: IncomingMessage, response: ServerResponse, result: Result): void {
  const body = Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8');
  const headers = Object.entries(result.headers ?? {}).map(([name, value]) => [name, String(value)] as const);
  response.writeHead(result.statusCode ?? 200, [...headers, ['content-length', String(body.length)]].flat());
  response.end(request.method === 'HEAD' ? undefined : body);
}

import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpRouter from '@middy/http-router';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { calledUrl } from '../core/api/called-url.ts';
import type { RawRequest } from '../core/postback/request.ts';
import { pixel } from './pixel.ts';
import { type Reply, receive } from './receive.ts';
import type { PostbackServices } from './services.ts';

type Event = APIGatewayProxyEventV2;
type Result = APIGatewayProxyStructuredResultV2;
export type PostbackHandler = (event: Event) => Promise<Result>;

/** The most a postback may have, bytes: what a Lambda function takes in one call. */
const MAX_BODY_BYTES = 6_000_000;

/** Makes the function that receives postbacks and webhooks: the answer of each is short, and no fault shows more than a sentence. */
export function createPostback(services: PostbackServices): PostbackHandler {
  const inlet = (kind: 'postbacks' | 'webhooks') => async (event: Event) => {
    const request = requestOf(event, services.now());
    if (request.body.length > MAX_BODY_BYTES) return refusal(413, `the body has more than ${MAX_BODY_BYTES} bytes`);
    const { source: sourceId = '', token = '' } = event.pathParameters ?? {};
    return toResult(
      await receive({ request, sourceId, token, address: addressOf(event), url: urlOf(event), inlet: kind }, services),
    );
  };
  const router = httpRouter<Event, Result>({
    routes: [
      { method: 'GET', path: '/postbacks/{source}/{token}', handler: inlet('postbacks') },
      { method: 'POST', path: '/postbacks/{source}/{token}', handler: inlet('postbacks') },
      { method: 'POST', path: '/webhooks/{source}', handler: inlet('webhooks') },
      {
        method: 'GET',
        path: '/pixel/{file}',
        handler: (event: Event) => pixel(requestOf(event, services.now()), event.pathParameters?.file ?? '', services),
      },
    ],
    notFoundResponse: () => {
      throw new NotFoundError('no such inlet');
    },
  });
  const handler = middy<Event, Result>()
    .use(httpHeaderNormalizer())
    .use({
      onError: (request) => {
        request.response = toFailure(request.error, services);
      },
    })
    .handler((event: Event, context: Context) => router(event, context));
  return (event) => handler(event, {} as Context) as unknown as Promise<Result>;
}

class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

function requestOf(event: Event, now: number): RawRequest {
  return {
    method: event.requestContext.http.method,
    query: event.rawQueryString,
    headers: event.headers as Record<string, string>,
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    received_at: now,
  };
}

function urlOf(event: Event): string {
  const { origin, path, query } = calledUrl(event);
  return `${origin}${path}${query && `?${query}`}`;
}

const addressOf = (event: Event) => event.requestContext.http.sourceIp;

/** Nothing was stored: a sender that tries again loses nothing. */
function toFailure(error: unknown, { log }: PostbackServices): Result {
  if (error instanceof NotFoundError)
    return refusal(404, 'there is no such inlet: check the URL in the sender’s settings');
  log('postback:failed', { error: error instanceof Error ? error.name : 'unknown' });
  return { ...refusal(503, 'not stored, please send again'), headers: { 'retry-after': '5', 'content-type': TEXT } };
}

const TEXT = 'text/plain; charset=utf-8';
const refusal = (status: number, body: string) => toResult({ status, body: `${body}\n`, contentType: TEXT });

function toResult({ status, body, contentType }: Reply): Result {
  return { statusCode: status, headers: { 'content-type': contentType, 'cache-control': 'no-store' }, body };
}

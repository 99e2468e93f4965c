import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { z } from 'zod';
import type { CalledUrl } from '../core/api/called-url.ts';
import { Problem } from '../core/api/problem.ts';
import type { Scope, Token } from '../core/entities/token.ts';
import type { ApiServices } from './services.ts';

/** A request as routes see it: signed in, its body read as JSON. */
export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The body as it came, where the route takes other types than JSON; else empty. */
  readonly bytes: Uint8Array;
  /** First value of a header by its lower-case name. */
  header(name: string): string | undefined;
  /** Address the request came from. */
  readonly address: string;
  readonly token: Token;
  /** The URL that was called, as the caller knows it. */
  readonly url: CalledUrl;
}

export interface ApiResponse {
  readonly status: number;
  /** JSON, or text or bytes with a content type of their own. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One call of the API, and what the OpenAPI document says of it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  readonly path: string;
  /** A token needs one of these; null where anybody may ask. */
  readonly scopes: readonly Scope[] | null;
  readonly summary: string;
  readonly tag: string;
  /** Query parameters by name, with their meaning. */
  readonly query?: Readonly<Record<string, string>>;
  readonly input?: z.ZodType;
  /** What the description shows where `input` takes any part of it. @default input */
  readonly describedInput?: z.ZodType;
  /** True where the call needs no body: none is an empty object. @default false */
  readonly optionalBody?: true;
  /** True where the body is a JSON array of items. @default false: an object */
  readonly takesList?: true;
  /** Set where the route reads the body by itself: media types it takes and the most bytes. @default JSON, {@link MAX_BODY_BYTES} */
  readonly rawBody?: { readonly types: readonly string[]; readonly maxBytes: number };
  /** True where pages of any origin may read the answer, faults included. @default false */
  readonly anyOrigin?: true;
  /** What the statuses of success are, as the description tells it. @default 201 for POST, 200 and 201 for PUT, else 200 */
  readonly success?: number | readonly number[];
  readonly run: (request: ApiRequest, services: ApiServices) => Promise<ApiResponse>;
}

/** Largest body of a call that takes JSON, bytes. */
export const MAX_BODY_BYTES = 1_000_000;

const JSON_TYPES = /^application\/([a-z.+-]+\+)?json\s*(;|$)/i;

/**
 * Reads a JSON body.
 * @throws Problem 413, 415 or 400
 */
export function readJson(event: APIGatewayProxyEventV2): unknown {
  const bytes = bytesOf(event, MAX_BODY_BYTES);
  const type = event.headers['content-type'] ?? '';
  if (!JSON_TYPES.test(type))
    throw new Problem(415, 'unsupported_type', `send content-type: application/json, not ${type || 'none'}`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Problem(400, 'malformed_json', 'the body is not JSON in UTF-8');
  }
}

/**
 * Reads a body that the route takes apart by itself.
 * @throws Problem 413 or 415
 */
export function readRaw(event: APIGatewayProxyEventV2, { types, maxBytes }: NonNullable<Route['rawBody']>): Uint8Array {
  const type = (event.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!types.includes(type))
    throw new Problem(415, 'unsupported_type', `send content-type: ${types.join(' or ')}, not ${type || 'none'}`);
  return bytesOf(event, maxBytes);
}

/** @throws Problem 413 */
function bytesOf({ body, isBase64Encoded }: APIGatewayProxyEventV2, maxBytes: number): Uint8Array {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length <= maxBytes) return bytes;
  throw new Problem(413, 'too_large', `the body has ${bytes.length} bytes, the limit is ${maxBytes}`, [], {
    limit_bytes: maxBytes,
  });
}

/** Turns an answer into what API Gateway sends. */
export function toResult(
  { status, body, headers = {} }: ApiResponse,
  requestId: string,
): APIGatewayProxyStructuredResultV2 {
  if (body instanceof Uint8Array) {
    const text = Buffer.from(body).toString('base64');
    return { ...toResult({ status, body: text, headers }, requestId), isBase64Encoded: true };
  }
  const isText = typeof body === 'string';
  const common = { 'cache-control': 'no-store', 'x-request-id': requestId, 'x-content-type-options': 'nosniff' };
  const type = body === undefined || isText ? {} : { 'content-type': 'application/json; charset=utf-8' };
  return {
    statusCode: status,
    headers: { ...common, ...type, ...headers },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  };
}

/** Turns a problem into its document. */
export function problemResult(problem: Problem, requestId: string): APIGatewayProxyStructuredResultV2 {
  const headers = {
    'content-type': 'application/problem+json; charset=utf-8',
    ...(problem.status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(problem.status === 503 && { 'retry-after': '2' }),
    ...(typeof problem.extra.retry_after_s === 'number' && { 'retry-after': String(problem.extra.retry_after_s) }),
    ...(typeof problem.extra.allow === 'string' && { allow: problem.extra.allow }),
  };
  return toResult({ status: problem.status, body: JSON.stringify(problem.toDocument(requestId)), headers }, requestId);
}

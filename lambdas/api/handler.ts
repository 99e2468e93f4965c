import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpRouter from '@middy/http-router';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { ConditionFailedError } from '../adapters/dynamo-table.ts';
import { findToken } from '../adapters/token-store.ts';
import { calledUrl } from '../core/api/called-url.ts';
import { fault, invalid, Problem } from '../core/api/problem.ts';
import type { Token } from '../core/entities/token.ts';
import { type ApiRequest, type ApiResponse, problemResult, type Route, readJson, readRaw, toResult } from './http.ts';
import { routes } from './routes.ts';
import type { ApiServices } from './services.ts';

type Event = APIGatewayProxyEventV2;
type Result = APIGatewayProxyStructuredResultV2;
export type ApiHandler = (event: Event) => Promise<Result>;

/** Codes of DynamoDB and Athena that a client may simply try again after. */
const BUSY =
  /Throttl|ProvisionedThroughput|RequestLimit|ServiceUnavailable|InternalServer|TimeoutError|ECONNRESET|ECONNREFUSED|TooManyRequests/;

/** Makes the API: the routes over these services, with one place that turns faults into answers. */
export function createApi(services: ApiServices): ApiHandler {
  const router = httpRouter<Event, Result>({
    routes: routes.map((route) => ({
      method: route.method,
      path: route.path,
      handler: (event: Event) => answer(route, event, services),
    })),
    notFoundResponse: ({ method, path }) => {
      const methods = routes.filter((route) => pathPattern(route.path).test(path)).map((route) => route.method);
      const allowed = methods.join(', ');
      throw methods.length > 0
        ? new Problem(405, 'method_not_allowed', `${method} is not possible here, but ${allowed}`, [], {
            allow: allowed,
          })
        : new Problem(404, 'no_such_route', 'there is no such call: see /openapi.json');
    },
  });
  const handler = middy<Event, Result>()
    .use(httpHeaderNormalizer())
    .use({
      onError: (request) => {
        const result = toProblemResult(request.error, requestIdOf(request.event), services);
        request.response = forAnyOrigin(request.event, result);
      },
    })
    .handler((event: Event, context: Context) => router(event, context));
  return (event) => handler(event, {} as Context) as unknown as Promise<Result>;
}

async function answer(route: Route, event: Event, services: ApiServices): Promise<Result> {
  const began = services.now();
  const token = route.scopes ? await signIn(route, event, services) : ANYBODY;
  const response = await route.run(toRequest(route, event, token), services);
  services.log('api:answered', {
    route: `${route.method} ${route.path}`,
    status: response.status,
    ms: services.now() - began,
  });
  const known = isKnown(event, response) ? { status: 304, headers: response.headers ?? {} } : response;
  return forAnyOrigin(event, toResult(known, requestIdOf(event)));
}

/** Lets pages of any origin read the answers of routes that say so; none of them looks at cookies. */
function forAnyOrigin(event: Event, result: Result): Result {
  const isOpen = routes.some(({ anyOrigin, path }) => anyOrigin && pathPattern(path).test(event.rawPath));
  return isOpen ? { ...result, headers: { ...result.headers, 'access-control-allow-origin': '*' } } : result;
}

/** True where a GET would tell the client what it says it has. */
function isKnown(event: Event, { headers }: ApiResponse): boolean {
  const tags = (event.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim());
  return event.requestContext.http.method === 'GET' && headers?.etag !== undefined && tags.includes(headers.etag);
}

const ANYBODY: Token = { id: '', name: '', scopes: [], status: 'active', created_at: '' };

/** @throws Problem 401 or 403 */
async function signIn({ scopes }: Route, event: Event, services: ApiServices): Promise<Token> {
  const text = /^Bearer\s+(\S+)$/i.exec(event.headers.authorization ?? '')?.[1];
  const token = text ? await findToken(services.ledgerTable, text) : null;
  if (!token) throw new Problem(401, 'unauthorized', 'send a valid token: "Authorization: Bearer oh_…"');
  if (scopes?.some((scope) => token.scopes.includes(scope))) return token;
  const needed = scopes?.join(' or ') ?? '';
  throw new Problem(403, 'missing_scope', `this call needs a token with scope ${needed}`, [], {
    required_scope: scopes?.[0],
  });
}

function toRequest(route: Route, event: Event, token: Token): ApiRequest {
  const query = event.queryStringParameters ?? {};
  return {
    params: paramsOf(event),
    query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value ?? ''])),
    body: bodyOf(route, event),
    bytes: route.rawBody ? readRaw(event, route.rawBody) : new Uint8Array(),
    header: (name) => event.headers[name],
    address: event.requestContext.http.sourceIp,
    token,
    url: calledUrl(event),
  };
}

function bodyOf(route: Route, event: Event): unknown {
  if (!route.input) return undefined;
  return route.optionalBody && !event.body ? {} : shaped(route, readJson(event));
}

/** Parts of the path. API Gateway hands them over decoded; where the router found them itself they are as they came. */
function paramsOf({ pathParameters, routeKey }: Event): Record<string, string> {
  const params = { ...pathParameters } as Record<string, string>;
  if (routeKey !== '$default') return params;
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decoded(value)]));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The body is what the route takes: one JSON object, or an array of items. @throws Problem 422 */
function shaped({ takesList }: Route, body: unknown): unknown {
  const isList = Array.isArray(body);
  if (takesList ? isList : typeof body === 'object' && body !== null && !isList) return body;
  throw invalid([fault('', 'invalid_type', takesList ? 'must be a JSON array' : 'must be a JSON object')]);
}

/** What a client is told of an error: ours as they are, known passing faults as 503, anything else without detail. */
function toProblemResult(error: unknown, requestId: string, { log }: ApiServices): Result {
  const problem = toProblem(error);
  const ours = problem.status >= 500 && { error: nameOf(error), at: placesOf(error) };
  log('api:problem', { request_id: requestId, status: problem.status, code: problem.code, ...ours });
  return problemResult(problem, requestId);
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ConditionFailedError)
    return new Problem(409, 'busy', 'others change this at the same time: try again');
  if (BUSY.test(nameOf(error)))
    return new Problem(503, 'unavailable', 'a service we need does not answer: try again shortly');
  const isUnreadable = error instanceof Error && error.name === 'UnreadableItemError';
  return new Problem(
    500,
    isUnreadable ? 'unreadable_item' : 'internal',
    isUnreadable ? error.message : 'the fault is on our side',
  );
}

function nameOf(error: unknown): string {
  return error instanceof Error
    ? [error.name, (error as NodeJS.ErrnoException).code].filter(Boolean).join(' ')
    : 'unknown';
}

/** Where an error arose, without its message, which may quote what a client sent. */
function placesOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return lines
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
    .map((line) => line.trim());
}

const requestIdOf = (event: Event) => event.requestContext?.requestId ?? '';
const pathPattern = (path: string) => new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`);

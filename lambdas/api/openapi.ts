import { z } from 'zod';
import type { Route } from './http.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 description of these routes, from the very schemas that check their input. */
export function openApiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Onehop',
      version: '1',
      description: 'Short links, redirects and clicks. Lists page by cursor; every entity has an ETag.',
    },
    security: [{ token: [] }],
    paths,
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } }, schemas: { Problem: PROBLEM } },
  };
}

const PROBLEM: Json = {
  type: 'object',
  description: 'RFC 9457 problem document',
  required: ['type', 'title', 'status', 'code', 'errors', 'request_id'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { path: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
      },
    },
    request_id: { type: 'string' },
  },
};

const problem = {
  description: 'A problem',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

function operation(route: Route): Json {
  return {
    summary: route.summary,
    tags: [route.tag],
    operationId: `${route.method.toLowerCase()}${route.path.replace(/[^A-Za-z0-9]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    ...(route.scopes ? { 'x-required-scope': route.scopes } : { security: [] }),
    parameters: parametersOf(route),
    ...requestBodyOf(route),
    responses: { ...Object.fromEntries(successesOf(route).map(success)), default: problem },
  };
}

/** Statuses with which a route answers where it succeeds. */
export function successesOf({ method, success }: Route): readonly number[] {
  if (success !== undefined) return [success].flat();
  return method === 'POST' ? [201] : method === 'PUT' ? [200, 201] : [200];
}

const MEANINGS: Readonly<Record<number, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Not ready yet: ask again where Location says',
  204: 'Done, nothing to say',
};
const success = (status: number) => [status, { description: MEANINGS[status] ?? 'Done' }] as const;

function requestBodyOf({ input, describedInput = input, rawBody, optionalBody }: Route): Json {
  if (rawBody) {
    const description = `At most ${rawBody.maxBytes} bytes`;
    const content = Object.fromEntries(rawBody.types.map((type) => [type, { schema: { type: 'string' } }]));
    return { requestBody: { required: true, description, content } };
  }
  if (!describedInput) return {};
  const content = { 'application/json': { schema: inputSchema(describedInput) } };
  return { requestBody: { required: optionalBody !== true, content } };
}

function parametersOf({ method, path, query = {} }: Route): Json[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  }));
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  });
  const idempotency =
    method === 'POST' ? [header('Idempotency-Key', 'The same key runs the call once; kept 24 hours')] : [];
  const ifMatch = ['PUT', 'PATCH', 'DELETE'].includes(method)
    ? [header('If-Match', 'ETag the entity must still have')]
    : [];
  return [...inPath, ...inQuery, ...idempotency, ...ifMatch];
}

/** What a client may send: before defaults and transformations. */
function inputSchema(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

import { ConditionFailedError } from '../adapters/dynamo-table.ts';
import { createToken, getToken, listTokens, newTokenId, revokeToken } from '../adapters/token-store.ts';
import { decodeCursor, encodeCursor, type ListKey, parseLimit } from '../core/api/cursor.ts';
import { Problem, parseInput } from '../core/api/problem.ts';
import { tokenInput } from '../core/entities/token.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import { idempotent } from './idempotency.ts';
import type { ApiServices } from './services.ts';

export const tokenRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/tokens',
    scopes: ['admin'],
    summary: 'List tokens',
    tag: 'tokens',
    query: { limit: '1 to 500', cursor: 'next_cursor of the page before' },
    run: list,
  },
  {
    method: 'POST',
    path: '/v1/tokens',
    scopes: ['admin'],
    summary: 'Make a token; its text is shown this once',
    tag: 'tokens',
    input: tokenInput,
    run: create,
  },
  {
    method: 'DELETE',
    path: '/v1/tokens/{id}',
    scopes: ['admin'],
    summary: 'Revoke a token',
    tag: 'tokens',
    run: revoke,
  },
];

async function create(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const input = parseInput(tokenInput, request.body);
  const { randomBytes, ledgerTable } = services;
  return idempotent(
    request,
    services,
    async () => ({ id: newTokenId(randomBytes) }),
    async ({ id }) => {
      const made = await createOnce(id, input, services);
      return { status: 201, body: { ...(await getToken(ledgerTable, id)), token: made } };
    },
  );
}

/** The token's text, or null where an earlier attempt with the same Idempotency-Key made it: a secret is told once. */
async function createOnce(
  id: string,
  input: ReturnType<typeof tokenInput.parse>,
  services: ApiServices,
): Promise<string | null> {
  try {
    return (await createToken(services.ledgerTable, input, services.now(), services.randomBytes, id)).token;
  } catch (error) {
    if (error instanceof ConditionFailedError) return null;
    throw error;
  }
}

async function revoke(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const id = request.params.id ?? '';
  if (!(await revokeToken(services.ledgerTable, id))) throw new Problem(404, 'not_found', 'there is no such token');
  return { status: 200, body: await getToken(services.ledgerTable, id) };
}

async function list(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const from = decodeCursor('tokens', request.query.cursor, ['pk', 'kind', 'sort']);
  const { tokens, next } = await listTokens(services.ledgerTable, parseLimit(request.query.limit), from);
  return { status: 200, body: { tokens, next_cursor: next ? encodeCursor('tokens', next as ListKey) : null } };
}

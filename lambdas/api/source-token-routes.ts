import { Problem } from '../core/api/problem.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import { idempotent } from './idempotency.ts';
import type { ApiServices } from './services.ts';
import { setupWith, sourceStore } from './source-routes.ts';
import { newSourceToken } from './source-token.ts';

const tag = 'sources';
const scopes = ['admin'] as const;

export const sourceTokenRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/sources/{id}/tokens',
    scopes,
    summary: 'List the tokens of the source’s postback URL, without their texts',
    tag,
    run: list,
  },
  {
    method: 'POST',
    path: '/v1/sources/{id}/tokens',
    scopes,
    summary: 'Make a token for the source’s postback URL, shown this once; the one before stays valid beside it',
    tag,
    run: create,
  },
  {
    method: 'DELETE',
    path: '/v1/sources/{id}/tokens/{token_id}',
    scopes,
    summary: 'Take a token away: postbacks that carry it are refused from then on',
    tag,
    run: revoke,
  },
];

async function create(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const id = request.params.id ?? '';
  return idempotent(
    { ...request, body: {} },
    services,
    async () => ({ tokenId: newSourceToken(services.randomBytes).id }),
    async ({ tokenId }) => {
      const { text } = newSourceToken(services.randomBytes);
      const source = await sourceStore(services).addToken(id, tokenId, text);
      if (!source) throw notFound(id);
      return { status: 201, body: { id: tokenId, token: text, ...setupWith(source, request, text) } };
    },
  );
}

async function revoke(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const { id = '', token_id: tokenId = '' } = request.params;
  if (!(await sourceStore(services).removeToken(id, tokenId))) throw notFound(id);
  return list(request, services);
}

async function list({ params }: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const id = params.id ?? '';
  const store = sourceStore(services);
  if (!(await store.get(id))) throw notFound(id);
  const tokens = (await store.tokens(id)).map(({ hash: _, ...shown }) => shown);
  return { status: 200, body: { tokens, next_cursor: null } };
}

const notFound = (id: string) => new Problem(404, 'not_found', `there is no source ${id}`);

import { type SourceToken, TokensFullError } from '../adapters/source-store.ts';
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
    summary:
      'Make a token for the source’s postback URL, shown this once. Two are valid at once; a third is refused (409)',
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
      const source = await added(id, tokenId, text, services);
      if (!source) throw notFound(id);
      return { status: 201, body: { id: tokenId, token: text, ...setupWith(source, request, text) } };
    },
  );
}

/** @throws Problem 409: which of two the sender uses, only a person knows */
async function added(id: string, tokenId: string, text: string, services: ApiServices) {
  try {
    return await sourceStore(services).addToken(id, tokenId, text);
  } catch (error) {
    if (!(error instanceof TokensFullError)) throw error;
    throw new Problem(
      409,
      'two_tokens_valid',
      `two tokens are valid already, and the sender may use either: revoke one first (npx onehop source token revoke ${id} <token_id>), list them with npx onehop source token list ${id}`,
    );
  }
}

async function revoke(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const { id = '', token_id: tokenId = '' } = request.params;
  const store = sourceStore(services);
  if (!(await store.get(id))) throw notFound(id);
  const tokens = await store.tokens(id);
  if (!tokens.some((token) => token.id === tokenId)) throw noToken(id, tokenId, tokens);
  await store.removeToken(id, tokenId);
  return list(request, services);
}

async function list({ params }: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const id = params.id ?? '';
  const store = sourceStore(services);
  if (!(await store.get(id))) throw notFound(id);
  const tokens = (await store.tokens(id)).map(({ hash: _, ...shown }) => shown);
  return { status: 200, body: { tokens, next_cursor: null } };
}

/** Says which there are: whoever mistypes an id must not believe that the token is gone. */
function noToken(id: string, tokenId: string, tokens: readonly SourceToken[]): Problem {
  const has = tokens.map((token) => token.id).join(', ') || 'none';
  return new Problem(404, 'not_found', `source ${id} has no token ${tokenId}; it has ${has}`);
}

const notFound = (id: string) => new Problem(404, 'not_found', `there is no source ${id}`);

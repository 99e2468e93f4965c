import { createHash } from 'node:crypto';
import { LIST_TYPES } from '../../core/recipients/list.ts';
import type { ApiRequest, ApiResponse, Route } from '../http.ts';
import { idempotent } from '../idempotency.ts';
import type { ApiServices } from '../services.ts';
import { mint } from './mint.ts';
import { MINT_QUERY } from './options.ts';

/** Largest list of one request, bytes. */
const MAX_LIST_BYTES = 2_000_000;

export const mintRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/links/{link_no}/recipients',
    scopes: ['mint'],
    summary: 'Mint personal codes for a list of subscribers; the answer is the list with their codes',
    tag: 'links',
    query: MINT_QUERY,
    rawBody: { types: Object.keys(LIST_TYPES), maxBytes: MAX_LIST_BYTES },
    success: 200,
    run: mintOnce,
  },
];

/** Minting again gives the same codes anyway; the key is there for clients that send it on every call. */
function mintOnce(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const list = createHash('sha256').update(request.bytes).digest('hex');
  const body = { link_no: request.params.link_no, query: request.query, list };
  return idempotent(
    { ...request, body },
    services,
    async () => ({}),
    () => mint(request, services),
  );
}

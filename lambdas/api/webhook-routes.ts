import { storeDelivery } from '../adapters/delivery-inlet.ts';
import { Problem } from '../core/api/problem.ts';
import { authenticate } from '../core/postback/authenticate.ts';
import type { RawRequest } from '../core/postback/request.ts';
import { profiles } from '../core/profiles/index.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import type { ApiServices } from './services.ts';
import { sourceStore } from './source-routes.ts';

const FORM = 'application/x-www-form-urlencoded';
/** A status callback has about a kilobyte. */
const MAX_BYTES = 100_000;

export const webhookRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/webhooks/{source}',
    scopes: null,
    summary: 'Take a status callback of a message, signed by its provider',
    tag: 'webhooks',
    rawBody: { types: [FORM], maxBytes: MAX_BYTES },
    run: receive,
  },
];

/** Headers that a signature may stand in. */
const SIGNATURES = ['x-twilio-signature'];

/**
 * Answers when the row is durable: 204, since Twilio would text the answer of some calls to the subscriber. 403 where the
 * signature does not fit; a failure to store is a 503, and nothing was stored.
 */
async function receive(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const id = request.params.source ?? '';
  const known = await sourceStore(services).find(id);
  const profile = known && profiles[known.source.profile];
  const isReceiving = profile?.reports === 'deliveries' && profile.inlet === 'webhooks';
  if (!known || !profile || !isReceiving || known.source.status === 'archived')
    throw new Problem(404, 'not_found', 'there is no such webhook: check the URL in the sender’s settings');
  const raw = rawOf(request, services.now());
  const { origin, path, query } = request.url;
  const arrival = { request: raw, address: request.address, token: '', url: origin + path + (query && `?${query}`) };
  const checked = authenticate(arrival, profile, { ...known, cidrs: known.source.cidrs }, services.now());
  if (!checked.ok) throw refusal(checked.fault);
  const isStored = await storeDelivery(raw, id, { ...services, keyring: services.keys.edge });
  services.log('webhook:taken', { source: id, stored: isStored });
  return { status: 204 };
}

function rawOf({ bytes, url, header }: ApiRequest, received_at: number): RawRequest {
  const headers = SIGNATURES.map((name) => [name, header(name) ?? ''] as const);
  return { method: 'POST', query: url.query, headers: Object.fromEntries(headers), body: bytes, received_at };
}

const REASONS: Readonly<Record<string, string>> = {
  secret_not_set: 'the source has no secret yet: save the auth token of the Twilio account as its secret',
  signature_missing: 'the call carries no signature',
  bad_signature: 'the signature does not fit: the secret is not the account’s auth token, or the URL called is another',
  address_not_allowed: 'the address is not in the source’s ranges (cidrs)',
};

const refusal = (code: string) => new Problem(403, code, REASONS[code] ?? 'the call is not authenticated');

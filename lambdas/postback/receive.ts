import type { KnownSource } from '../adapters/source-store.ts';
import { authenticate, isBodySigned } from '../core/postback/authenticate.ts';
import type { RawRequest } from '../core/postback/request.ts';
import { headersRead } from '../core/postback/stored-message.ts';
import { profiles } from '../core/profiles/index.ts';
import type { Profile } from '../core/profiles/profile.ts';
import type { PostbackServices } from './services.ts';
import { storeMessage } from './store.ts';

/** A request on an inlet, freed of the form in which API Gateway hands it over. */
export interface Inbound {
  readonly request: RawRequest;
  readonly sourceId: string;
  /** Token in the path; empty on webhooks. */
  readonly token: string;
  /** Address of the sender. */
  readonly address: string;
  /** The URL that was called, query included, as the sender knows it. */
  readonly url: string;
  readonly inlet: Profile['inlet'];
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
}

const text = (status: number, body: string): Reply => ({
  status,
  body: `${body}\n`,
  contentType: 'text/plain; charset=utf-8',
});

/**
 * Takes a message: authenticates it, stores it durably, and answers what its sender wants to read. What it means is found out
 * later: a message that cannot be understood is the sender's success and our quarantine.
 */
export async function receive(inbound: Inbound, services: PostbackServices): Promise<Reply> {
  const known = await services.findSource(inbound.sourceId);
  const profile = known && profiles[known.source.profile];
  if (!known || !profile || profile.inlet !== inbound.inlet) return unknown(inbound);
  const authenticated = authenticate(inbound, profile, credentialsOf(known), services.now());
  if (known.source.status === 'archived')
    return authenticated.ok && authenticated.body !== null ? archived(known.source.id) : unknown(inbound);
  if (!authenticated.ok) {
    services.log('postback:refused', { source: known.source.id, fault: authenticated.fault });
    return text(403, REFUSALS[authenticated.fault]);
  }
  if (authenticated.body === null) return acknowledgedBy(profile);
  if (profile.reports === 'deliveries') await services.deliver(inbound.request, known.source.id);
  else await storeMessage(headOf(inbound, known, profile, services), authenticated.body, services);
  return acknowledgedBy(profile);
}

const unknown = ({ inlet, sourceId }: Inbound): Reply =>
  text(404, `there is no source ${inlet}/${sourceId.slice(0, 64)}: check the URL in the sender's settings`);

/** Told to who has proved to be the sender; to all others an archived source is none. */
const archived = (id: string): Reply =>
  text(
    404,
    `the source ${id} is archived, nothing was stored: activate it with npx onehop source resume ${id}, or take its URL out of the sender's settings`,
  );

/** Some providers text the body of an answer to the subscriber: an empty one is no content at all. */
const acknowledgedBy = ({ acknowledgement }: Profile): Reply => ({
  status: acknowledgement.body === '' ? 204 : 200,
  ...acknowledgement,
});

const credentialsOf = ({ source, tokenHashes, secret }: KnownSource) => ({ tokenHashes, secret, cidrs: source.cidrs });

function headOf({ request, inlet }: Inbound, known: KnownSource, profile: Profile, { newId }: PostbackServices) {
  const { source, secret } = known;
  const read = headersRead(profile);
  return {
    id: newId(),
    source_id: source.id,
    received_at: request.received_at,
    method: request.method,
    query: request.query,
    content_type: request.headers['content-type'] ?? null,
    headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => read.has(name))),
    origin: inlet === 'webhooks' ? ('webhook' as const) : ('postback' as const),
    ...(isBodySigned(request, profile, secret !== null) && { body_signed: true as const }),
  };
}

/** What a person reads who looks at the sender's log of failed deliveries. */
const REFUSALS = {
  address_not_allowed: 'the address is not in the source’s ranges (cidrs)',
  bad_token:
    'the token in the URL is not valid: copy the URL anew, or make a new token with npx onehop source token create <source>',
  secret_not_set: 'the source has no signing secret yet: set it to what the sender shows',
  signature_missing: 'the message carries no signature',
  bad_signature: 'the signature does not fit: the secret here and at the sender differ',
  signature_expired: 'the signature is too old or from the future: check the sender’s clock',
} as const;

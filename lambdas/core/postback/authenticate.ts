import type { Authentication, Profile } from '../profiles/profile.ts';
import { twilioSignatureFault } from '../sends/twilio.ts';
import { isInRanges } from './cidr.ts';
import { openNotification } from './clickbank.ts';
import type { RawRequest } from './request.ts';
import { isValidToken } from './secrets.ts';
import { bodySignatureFault, genericSignatureFault, type SignatureFault, stripeSignatureFault } from './signatures.ts';

/** What a source knows of its sender. */
export interface Credentials {
  /** Hashes of the valid tokens, see {@link isValidToken}. */
  readonly tokenHashes: readonly string[];
  /** Signing secret in clear; null where none is configured. */
  readonly secret: string | null;
  readonly cidrs: readonly string[];
}

export interface Arrival {
  readonly request: RawRequest;
  /** Address of the sender. */
  readonly address: string;
  /** Token in the path; empty on `/webhooks`. */
  readonly token: string;
  /** The URL that the sender called, query included, as it knows it: some sign it. @default '' */
  readonly url?: string;
}

export type AuthenticationFault = SignatureFault | 'address_not_allowed' | 'bad_token' | 'secret_not_set';

export type Authenticated =
  /** `body` is what is to be interpreted: decrypted where it came encrypted; null for an unsigned ping, of which nothing is kept. */
  { readonly ok: true; readonly body: Uint8Array | null } | { readonly ok: false; readonly fault: AuthenticationFault };

const result = (fault: AuthenticationFault | null, body: Uint8Array): Authenticated =>
  fault ? { ok: false, fault } : { ok: true, body };

/** Whether a request comes from the source's sender. `now` is epoch milliseconds. A token source with a secret demands a signature too. */
export function authenticate(arrival: Arrival, profile: Profile, credentials: Credentials, now: number): Authenticated {
  const { request, address, token } = arrival;
  const { secret } = credentials;
  if (!isInRanges(address, credentials.cidrs)) return { ok: false, fault: 'address_not_allowed' };
  if (profile.authentication.scheme === 'token') {
    if (!isValidToken(token, credentials.tokenHashes)) return { ok: false, fault: 'bad_token' };
    return result(secret === null ? null : genericSignatureFault(request, secret, now), request.body);
  }
  // a webhook is often saved at the sender before its secret is written here
  if (isUnsignedPing(request, profile.authentication)) return { ok: true, body: null };
  if (secret === null) return { ok: false, fault: 'secret_not_set' };
  return withSecret(arrival, profile, secret, now);
}

/** Whether a request is exactly what its sender calls a ping: without a signature, without what marks messages, with its one body. */
function isUnsignedPing({ headers, body }: RawRequest, authentication: Authentication): boolean {
  if (authentication.scheme !== 'body_hmac' || !authentication.unsignedPing) return false;
  const { without, body: form } = authentication.unsignedPing;
  if ([authentication.header, ...without].some((name) => headers[name] !== undefined)) return false;
  return new RegExp(`^(?:${form})$`).test(Buffer.from(body).toString('latin1'));
}

/**
 * Whether {@link authenticate} demands of a request the signature of its body, which says nothing of the query beside it: whoever sees
 * such a request could send it again with more in its URL.
 */
export function isBodySigned({ body }: Pick<RawRequest, 'body'>, profile: Profile, hasSecret: boolean): boolean {
  return profile.authentication.scheme === 'token' && hasSecret && body.length > 0;
}

function withSecret(
  { request, url = '' }: Arrival,
  { authentication }: Profile,
  secret: string,
  now: number,
): Authenticated {
  switch (authentication.scheme) {
    case 'body_hmac':
      return result(bodySignatureFault(request, authentication.header, secret), request.body);
    case 'stripe':
      return result(stripeSignatureFault(request, secret, now), request.body);
    case 'clickbank': {
      const clear = openNotification(request.body, secret);
      return clear === null ? { ok: false, fault: 'bad_signature' } : { ok: true, body: Buffer.from(clear, 'utf8') };
    }
    case 'twilio':
      return result(twilioSignatureFault(request, url, secret), request.body);
    case 'token':
    case 'role':
      return { ok: false, fault: 'bad_token' };
  }
}

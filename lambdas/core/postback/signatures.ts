import { parsePairs, type RawRequest } from './request.ts';
import { hmac, sameText } from './secrets.ts';

/** Clocks may differ by this much either way: Stripe's own default, in milliseconds. */
export const SIGNATURE_TOLERANCE = 300_000;

export type SignatureFault = 'signature_missing' | 'bad_signature' | 'signature_expired';

const isFresh = (seconds: string, now: number) => Math.abs(Number(seconds) * 1000 - now) <= SIGNATURE_TOLERANCE;

/** Shopify and WooCommerce: base64 HMAC-SHA-256 of the raw body in a header. They sign no time; repeats are told apart by the ledger. */
export function bodySignatureFault(request: RawRequest, header: string, secret: string): SignatureFault | null {
  const presented = request.headers[header];
  if (!presented) return 'signature_missing';
  return sameText(presented.trim(), hmac(secret, [request.body], 'base64')) ? null : 'bad_signature';
}

/**
 * Stripe: `Stripe-Signature: t=<seconds>,v1=<hex>[,v1=…]`, HMAC-SHA-256 over `<t>.<body>`; several v1 while its secret is rotated, other
 * schemes are passed over. The time is signed, so it is judged after the signature: a stale one says so only to who holds the secret.
 */
export function stripeSignatureFault(request: RawRequest, secret: string, now: number): SignatureFault | null {
  const header = request.headers['stripe-signature'];
  if (!header) return 'signature_missing';
  const pairs = header.split(',').map((pair) => pair.trim().split('=', 2));
  const times = pairs.flatMap(([name, value]) => (name === 't' && value ? [value] : []));
  const signatures = pairs.flatMap(([name, value]) => (name === 'v1' && value ? [value] : []));
  const [time = ''] = times;
  if (times.length !== 1 || !/^\d{1,12}$/.test(time)) return 'bad_signature';
  const expected = hmac(secret, [`${time}.`, request.body], 'hex');
  if (!signatures.map((value) => sameText(value, expected)).includes(true)) return 'bad_signature';
  return isFresh(time, now) ? null : 'signature_expired';
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * The query as it is signed: every parameter but `sig`, decoded, percent-encoded anew after RFC 3986 (upper-case hex, `%20` for a
 * space), sorted by bytes of the encoded `name=value`, joined by `&`.
 */
export function canonicalQuery(query: string): string {
  return parsePairs(query)
    .filter(([name]) => name !== 'sig')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&');
}

/**
 * Our own scheme, for senders that can sign: hex HMAC-SHA-256.
 * - GET: parameters `sig_time` (epoch seconds) and `sig` over {@link canonicalQuery}, which contains `sig_time`
 * - POST: headers `x-onehop-time` (epoch seconds) and `x-onehop-signature` over `<time>.<raw body>`
 */
export function genericSignatureFault(request: RawRequest, secret: string, now: number): SignatureFault | null {
  const signed = request.body.length > 0 ? signedBody(request) : signedQuery(request);
  if (!signed) return 'signature_missing';
  if (!sameText(signed.signature.toLowerCase(), hmac(secret, signed.parts, 'hex'))) return 'bad_signature';
  return /^\d{1,12}$/.test(signed.time) && isFresh(signed.time, now) ? null : 'signature_expired';
}

interface Signed {
  readonly time: string;
  readonly signature: string;
  readonly parts: readonly (string | Uint8Array)[];
}

function signedBody({ headers, body }: RawRequest): Signed | null {
  const time = headers['x-onehop-time'];
  const signature = headers['x-onehop-signature'];
  return time && signature ? { time, signature, parts: [`${time}.`, body] } : null;
}

function signedQuery({ query }: RawRequest): Signed | null {
  const values = new Map(parsePairs(query));
  const time = values.get('sig_time');
  const signature = values.get('sig');
  return time && signature ? { time, signature, parts: [canonicalQuery(query)] } : null;
}

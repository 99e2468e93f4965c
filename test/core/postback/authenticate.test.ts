import { createCipheriv, createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authenticate, type Credentials } from '../../../lambdas/core/postback/authenticate.ts';
import type { RawRequest } from '../../../lambdas/core/postback/request.ts';
import { tokenHash } from '../../../lambdas/core/postback/secrets.ts';
import { canonicalQuery } from '../../../lambdas/core/postback/signatures.ts';
import { generic } from '../../../lambdas/core/profiles/generic.ts';
import type { Authentication, Profile } from '../../../lambdas/core/profiles/profile.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const SECONDS = NOW / 1000;
const SECRET = 'whsec_a-secret-of-the-shop';
const profileWith = (authentication: Authentication): Profile => ({ ...generic, authentication });

interface Try {
  readonly authentication: Authentication;
  readonly request?: Partial<RawRequest>;
  readonly credentials?: Partial<Credentials>;
  readonly token?: string;
  readonly address?: string;
}

function attempt({ authentication, request, credentials, token = '', address = '203.0.113.9' }: Try) {
  const full = { method: 'POST', query: '', headers: {}, body: Buffer.from(''), received_at: NOW, ...request };
  const known = { tokenHashes: [], secret: SECRET, cidrs: [], ...credentials };
  const outcome = authenticate({ request: full, address, token }, profileWith(authentication), known, NOW);
  return outcome.ok ? Buffer.from(outcome.body ?? 'kept nowhere').toString() : outcome.fault;
}

const hmac = (text: string, encoding: 'hex' | 'base64', secret = SECRET) =>
  createHmac('sha256', secret).update(text).digest(encoding);

describe('token', () => {
  const scheme = { authentication: { scheme: 'token' } } as const;
  const tokenHashes = [tokenHash('old'), tokenHash('new')];
  const credentials = { secret: null, tokenHashes };

  it.each([
    ['old', ''],
    ['new', ''],
    ['ne', 'bad_token'],
    ['', 'bad_token'],
    [tokenHash('new'), 'bad_token'],
  ])('%s → %s: two are valid at once', (token, expected) => {
    expect(attempt({ ...scheme, credentials, token })).toBe(expected);
  });

  it('lets nobody in where no token exists', () => {
    expect(attempt({ ...scheme, credentials: { secret: null }, token: 'new' })).toBe('bad_token');
  });

  it.each([
    ['203.0.113.9', ['203.0.113.0/24'], ''],
    ['::ffff:203.0.113.9', ['203.0.113.0/24'], ''],
    ['203.0.114.1', ['203.0.113.0/24'], 'address_not_allowed'],
    ['2001:db8::1', ['10.0.0.0/8', '2001:db8::/32'], ''],
    ['2001:db9::1', ['2001:db8::/32'], 'address_not_allowed'],
    ['unknown', ['0.0.0.0/0'], 'address_not_allowed'],
    ['198.51.100.1', [], ''],
  ])('%s against %j → %s', (address, cidrs, expected) => {
    expect(attempt({ ...scheme, credentials: { ...credentials, cidrs }, token: 'old', address })).toBe(expected);
  });
});

describe('generic signature', () => {
  const tried = (request: Partial<RawRequest>) =>
    attempt({
      authentication: { scheme: 'token' },
      credentials: { tokenHashes: [tokenHash('t')] },
      token: 't',
      request,
    });
  const get = (time: number, extra = '') => {
    const query = `order_id=1%202&b=%C3%A9&sig_time=${time}`;
    return `${query}${extra}&sig=${hmac(canonicalQuery(query), 'hex')}`;
  };

  it('signs a query whatever its order and encoding', () => {
    expect(canonicalQuery('b=2&a=x+y&sig=zz&a=%7e!')).toBe('a=x%20y&a=~%21&b=2');
    expect(tried({ method: 'GET', query: get(SECONDS) })).toBe('');
    expect(tried({ method: 'GET', query: get(SECONDS).split('&').reverse().join('&').replace('%20', '+') })).toBe('');
  });

  it.each([
    [get(SECONDS, '&order_id=7'), 'bad_signature'],
    [get(SECONDS - 301), 'signature_expired'],
    [get(SECONDS + 301), 'signature_expired'],
    [get(SECONDS + 300), ''],
    ['order_id=1', 'signature_missing'],
  ])('%s → %s', (query, expected) => expect(tried({ method: 'GET', query })).toBe(expected));

  it('signs a body with its time', () => {
    const headers = (time: number, signed = '{"a":1}') => ({
      'x-onehop-time': String(time),
      'x-onehop-signature': hmac(`${time}.${signed}`, 'hex').toUpperCase(),
    });
    const body = Buffer.from('{"a":1}');
    expect(tried({ body, headers: headers(SECONDS) })).toBe('{"a":1}');
    expect(tried({ body, headers: headers(SECONDS, '{"a":2}') })).toBe('bad_signature');
    expect(tried({ body, headers: headers(SECONDS - 301) })).toBe('signature_expired');
    expect(tried({ body })).toBe('signature_missing');
  });
});

describe('shop signatures', () => {
  const authentication = { scheme: 'body_hmac', header: 'x-shopify-hmac-sha256' } as const;
  const body = Buffer.from('{"id":1}\n');
  const headers = { 'x-shopify-hmac-sha256': hmac('{"id":1}\n', 'base64') };

  it('takes the base64 HMAC of the raw body and nothing else', () => {
    expect(attempt({ authentication, request: { body, headers } })).toBe('{"id":1}\n');
    expect(attempt({ authentication, request: { body: Buffer.from('{"id":1}'), headers } })).toBe('bad_signature');
    expect(attempt({ authentication, request: { body } })).toBe('signature_missing');
    expect(attempt({ authentication, request: { body, headers }, credentials: { secret: null } })).toBe(
      'secret_not_set',
    );
  });

  it('computes what RFC 4231 publishes (case 2)', () => {
    const published = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    const text = 'what do ya want for nothing?';
    const header = { 'x-shopify-hmac-sha256': Buffer.from(published, 'hex').toString('base64') };
    const request = { body: Buffer.from(text), headers: header };
    expect(attempt({ authentication, request, credentials: { secret: 'Jefe' } })).toBe(text);
  });
});

describe('stripe', () => {
  const authentication = { scheme: 'stripe' } as const;
  const body = Buffer.from('{"id":"evt_1"}');
  const v1 = (time: number, secret = SECRET) => hmac(`${time}.{"id":"evt_1"}`, 'hex', secret);
  const tried = (header: string) =>
    attempt({ authentication, request: { body, headers: { 'stripe-signature': header } } });

  it.each([
    [`t=${SECONDS},v1=${v1(SECONDS)}`, '{"id":"evt_1"}'],
    [`t=${SECONDS},v1=${v1(SECONDS, 'old')},v1=${v1(SECONDS)},v0=00`, '{"id":"evt_1"}'],
    [`t=${SECONDS - 300},v1=${v1(SECONDS - 300)}`, '{"id":"evt_1"}'],
    [`t=${SECONDS - 301},v1=${v1(SECONDS - 301)}`, 'signature_expired'],
    [`t=${SECONDS + 301},v1=${v1(SECONDS + 301)}`, 'signature_expired'],
    [`t=${SECONDS},v1=${v1(SECONDS, 'old')}`, 'bad_signature'],
    [`t=${SECONDS},v0=${v1(SECONDS)}`, 'bad_signature'],
    [`t=${SECONDS},t=${SECONDS},v1=${v1(SECONDS)}`, 'bad_signature'],
    [`t=x,v1=${v1(SECONDS)}`, 'bad_signature'],
    ['', 'signature_missing'],
  ])('%s → %s', (header, expected) => expect(tried(header)).toBe(expected));
});

describe('clickbank', () => {
  const authentication = { scheme: 'clickbank' } as const;
  const key = createHash('sha1').update(SECRET).digest('hex').slice(0, 32);
  const seal = (clear: string, withKey = key) => {
    const iv = Buffer.alloc(16, 7);
    const cipher = createCipheriv('aes-256-cbc', withKey, iv);
    const notification = Buffer.concat([cipher.update(clear), cipher.final()]).toString('base64');
    return Buffer.from(JSON.stringify({ notification, iv: iv.toString('base64') }));
  };
  const tried = (body: Buffer) => attempt({ authentication, request: { body } });

  it('opens what the secret sealed, with the padding some versions leave behind', () => {
    expect(tried(seal('{"receipt":"ABCD1234"}'))).toBe('{"receipt":"ABCD1234"}');
    expect(tried(seal('{"receipt":"É"}\u0002\u0002'))).toBe('{"receipt":"É"}');
  });

  it('opens nothing else', () => {
    expect(tried(seal('{"receipt":"A"}', '0'.repeat(32)))).toBe('bad_signature');
    expect(tried(seal('no json'))).toBe('bad_signature');
    expect(tried(Buffer.from('{"receipt":"A"}'))).toBe('bad_signature');
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(tried(Buffer.from(bytes))).toBe('bad_signature');
      }),
    );
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ledgerKey } from '../../lambdas/contract/keys.ts';
import { type ClickIdFields, mintClickId } from '../../lambdas/core/click-id.ts';
import { hashIdentity, parseHomeKeys } from '../../lambdas/core/home-keys.ts';
import type { Mark } from '../../lambdas/core/identity/addresses.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { EDGE_SECRET, HOME_SECRET, startApi } from '../support/api.ts';

type Api = Awaited<ReturnType<typeof startApi>>;

let api: Api;
const rematched: Mark[] = [];
const numbers = new Map<string, number>();
const NOW = Date.parse('2026-06-01T12:00:00Z');
const HOUR = 3_600_000;
const home = parseHomeKeys(HOME_SECRET);
const [key = null] = parseKeyring(EDGE_SECRET).newestFirst;

beforeAll(async () => {
  api = await startApi({ rematch: async (marks) => void rematched.push(...marks) });
  const people = ['ann', 'bob'].map((id) => ({ id, identities: {} }));
  for (const [id, no] of await api.services.subscribers.enrol(people, NOW + 20_000)) numbers.set(id, no);
});
afterAll(() => api.close());
beforeEach(() => {
  rematched.length = 0;
  api.clock.now = NOW;
});

let nonce = 0;
const click = (fields: Partial<ClickIdFields> = {}) =>
  mintClickId({ time: NOW - HOUR, linkNo: 7, subscriberNo: 0, nonce: ++nonce, ...fields }, key);
const clickOf = (id: string) => click({ subscriberNo: numbers.get(id) ?? 0 });
const hashOf = (kind: Mark['kind'], value: string) => hashIdentity(kind, value, home);
const item = (kind: Mark['kind'], value: string) =>
  api.services.ledgerTable.get(ledgerKey.identity(kind, hashOf(kind, value)));
const post = (items: unknown[], options = {}) => api.call('POST', '/v1/identify', { body: items, ...options });
const visit = (body: unknown, headers: Record<string, string> = {}) =>
  api.call('POST', '/identify', { body, token: null, headers });

describe('POST /v1/identify', () => {
  it('binds addresses of a subscriber as a list does, the latest word winning, and makes new subscribers', async () => {
    const { status, body } = await post([
      { subscriber_id: 'ann', email: ' Ann@Example.com ', phone: '+49 1511 234567', customer_id: 'c-1' },
      { subscriber_id: 'new', email: 'new@example.com' },
    ]);
    expect([status, body.results.map((result: { status: string }) => result.status)]).toEqual([
      200,
      ['accepted', 'accepted'],
    ]);
    expect(await item('email', 'ann@example.com')).toMatchObject({ subscriber_id: 'ann' });
    expect(await item('phone', '+491511234567')).toMatchObject({ subscriber_id: 'ann' });
    expect(await item('customer', 'c-1')).toMatchObject({ subscriber_id: 'ann' });
    expect(await api.services.ledgerTable.get(ledgerKey.subscriber('new'))).toMatchObject({ no: 3 });
    expect(rematched.map(({ kind }) => kind).sort()).toEqual(['customer', 'email', 'email', 'phone']);
    await post([{ subscriber_id: 'bob', customer_id: 'c-1' }]);
    expect(await item('customer', 'c-1')).toMatchObject({ subscriber_id: 'bob' });
  });

  it('reports every fault of an item and lets the others through', async () => {
    const { body } = await post([
      { email: 'x@example.com' },
      { subscriber_id: 'ann', click_id: 'x', email: 'x@example.com' },
      { subscriber_id: 'ann' },
      { click_id: click().replace(/.$/, (last) => (last === '0' ? '1' : '0')), email: 'nonsense', phone: '0151 1' },
      { subscriber_id: 'ann', phone: '01511 234568', country: 'DE', ts: '2026-06-03T00:00:00Z' },
      { subscriber_id: 'ann', phone: '01511 234568', country: 'DE', surname: 'x' },
      { subscriber_id: 'ann', phone: '01511 234568', country: 'DE', ts: '2026-06-01T00:00:00Z' },
    ]);
    const paths = body.results.map(({ errors }: { errors: { path: string; code: string }[] }) =>
      errors.map(({ path, code }) => `${path} ${code}`),
    );
    expect(paths).toEqual([
      ['click_id invalid'],
      ['click_id invalid'],
      ['email invalid'],
      ['email invalid', 'phone invalid', 'click_id click_id_forged'],
      ['ts in_future'],
      ['surname unknown_field'],
      [],
    ]);
    expect(await item('phone', '+491511234568')).toMatchObject({ subscriber_id: 'ann' });
  });

  it('needs the scope, and takes at most 1,000 items', async () => {
    const token = await api.newToken('read');
    expect((await post([], { token })).body).toMatchObject({ status: 403, required_scope: 'send' });
    expect((await post(Array.from({ length: 1_001 }, () => ({})))).status).toBe(413);
  });

  it('believes the first of several clicks that claim an address in one batch', async () => {
    await post([
      { click_id: clickOf('bob'), email: 'batch@example.com' },
      { click_id: clickOf('ann'), email: 'batch@example.com' },
    ]);
    expect(await item('email', 'batch@example.com')).toMatchObject({ subscriber_id: 'bob', contested: true });
  });
});

describe('POST /identify', () => {
  it('binds an address to the subscriber of a signed click, and says nothing', async () => {
    const answer = await visit({ click_id: clickOf('ann').toUpperCase(), email: 'landing@example.com' });
    expect([answer.status, answer.body, answer.headers['access-control-allow-origin']]).toEqual([204, '', '*']);
    expect(await item('email', 'landing@example.com')).toMatchObject({ subscriber_id: 'ann' });
    const ann = await api.services.ledgerTable.get(ledgerKey.subscriber('ann'));
    expect(ann?.identities).toContain(`email#${hashOf('email', 'landing@example.com')}`);
    expect(rematched).toEqual([{ kind: 'email', hash: hashOf('email', 'landing@example.com') }]);
  });

  it('leaves an address with whom it belongs to, marks it contested, and answers the same', async () => {
    await visit({ click_id: clickOf('ann'), email: 'family@example.com' });
    rematched.length = 0;
    const answer = await visit({ click_id: clickOf('bob'), email: 'family@example.com' });
    expect([answer.status, answer.body]).toEqual([204, '']);
    expect(await item('email', 'family@example.com')).toMatchObject({ subscriber_id: 'ann', contested: true });
    expect(rematched).toEqual([]);
    const bob = await api.services.ledgerTable.get(ledgerKey.subscriber('bob'));
    expect(bob?.identities ?? []).not.toContain(`email#${hashOf('email', 'family@example.com')}`);
    await post([{ subscriber_id: 'bob', email: 'family@example.com' }]);
    expect(await item('email', 'family@example.com')).toMatchObject({ subscriber_id: 'bob' });
    expect(await item('email', 'family@example.com')).not.toHaveProperty('contested');
  });

  it('keeps the latest of the anonymous clicks, for a time, until the address is somebody’s', async () => {
    const [first, second] = [click({ time: NOW - 3 * HOUR }), click({ time: NOW - 2 * HOUR })];
    await visit({ click_id: second, email: 'anon@example.com' });
    await visit({ click_id: first, email: 'anon@example.com' });
    expect(await item('email', 'anon@example.com')).toMatchObject({
      click_id: second,
      clicked_at: NOW - 2 * HOUR,
      expires_at: (NOW - 2 * HOUR) / 1_000 + 180 * 86_400,
    });
    await visit({ click_id: clickOf('ann'), email: 'anon@example.com' });
    const bound = await item('email', 'anon@example.com');
    expect(bound).toMatchObject({ subscriber_id: 'ann', click_id: second });
    expect(bound).not.toHaveProperty('expires_at');
    const later = click();
    await visit({ click_id: later, email: 'anon@example.com' });
    const kept = await item('email', 'anon@example.com');
    expect(kept).toMatchObject({ subscriber_id: 'ann', click_id: later });
    expect(kept).not.toHaveProperty('expires_at');
  });

  it('takes text, as sendBeacon sends it, and answers preflights', async () => {
    const raw = JSON.stringify({ click_id: clickOf('bob'), phone: '+1 202 555 0143' });
    const beacon = await api.call('POST', '/identify', {
      raw,
      token: null,
      headers: { 'content-type': 'text/plain;charset=UTF-8', origin: 'https://shop.example' },
    });
    expect(beacon.status).toBe(204);
    expect(await item('phone', '+12025550143')).toMatchObject({ subscriber_id: 'bob' });
    const preflight = await api.call('OPTIONS', '/identify', {
      token: null,
      headers: { origin: 'https://shop.example' },
    });
    expect([preflight.status, preflight.headers]).toEqual([
      204,
      expect.objectContaining({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'POST, OPTIONS',
        'access-control-allow-headers': 'content-type',
      }),
    ]);
  });

  it.each([
    ['an unsigned click', () => ({ click_id: mintClickId({ time: NOW, linkNo: 1, subscriberNo: 1, nonce: 1 }, null) })],
    ['no click id', () => ({ click_id: 'abc' })],
    ['a click of long ago', () => ({ click_id: click({ time: NOW - 91 * 24 * HOUR }) })],
    ['a click to come', () => ({ click_id: click({ time: NOW + HOUR }) })],
    ['a subscriber id', () => ({ subscriber_id: 'ann' })],
    ['a customer id, which can be guessed', () => ({ click_id: click(), customer_id: 'c-9' })],
  ])('refuses %s, for any origin to read', async (_, fields) => {
    const { status, headers, body } = await visit({ email: 'refused@example.com', ...fields() });
    expect([status, headers['access-control-allow-origin']]).toEqual([422, '*']);
    expect(JSON.stringify(body)).not.toContain('refused@');
    expect(await item('email', 'refused@example.com')).toBeNull();
  });

  it('refuses large bodies, other types and what is no JSON', async () => {
    const statuses = [
      await visit({ click_id: click(), email: `${'x'.repeat(4_000)}@example.com` }),
      await visit({}, { 'content-type': 'application/x-www-form-urlencoded' }),
      await api.call('POST', '/identify', { raw: '{', token: null }),
      await api.call('POST', '/identify', { raw: '[]', token: null }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([413, 415, 400, 422]);
  });

  it('counts calls of a click and of an address, and forgets after an hour', async () => {
    const one = clickOf('ann');
    const answers = [];
    for (let call = 0; call < 11; call++)
      answers.push(await visit({ click_id: one, email: `limit${call}@example.com` }));
    expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(204), 429]);
    expect(answers.at(-1)?.headers['retry-after']).toBe('3600');
    expect(await item('email', 'limit10@example.com')).toBeNull();
    const many = [];
    for (let call = 0; call < 21; call++)
      many.push((await visit({ click_id: click(), email: 'popular@example.com' })).status);
    expect(many).toEqual([...Array(20).fill(204), 429]);
    api.clock.now += HOUR;
    expect((await visit({ click_id: one, email: 'limit10@example.com' })).status).toBe(204);
  });
});

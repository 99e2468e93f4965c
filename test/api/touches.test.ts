import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashIdentity, parseHomeKeys } from '../../lambdas/core/home-keys.ts';
import { HOME_SECRET, startApi } from '../support/api.ts';

type Api = Awaited<ReturnType<typeof startApi>>;

let api: Api;
const NOW = Date.parse('2026-06-01T12:00:00Z');
const home = parseHomeKeys(HOME_SECRET);
const hash = { email: hashIdentity('email', 'ann@example.com', home), customer: hashIdentity('customer', 'c-1', home) };

beforeAll(async () => {
  api = await startApi();
  await api.services.subscribers.enrol(
    [
      { id: 'ann', identities: { email: hash.email } },
      { id: 'bob', identities: { customer: hash.customer } },
    ],
    NOW + 20_000,
  );
});
afterAll(() => api.close());
beforeEach(() => {
  api.streams.rows.touches.length = 0;
});

const ts = '2026-06-01T11:59:00+02:00';
const base = { id: 't1', ts, channel: 'email', campaign_id: 'newsletter' };
const post = (items: unknown[], options = {}) => api.call('POST', '/v1/touches', { body: items, ...options });
const rows = () => api.streams.rows.touches;

describe('POST /v1/touches', () => {
  it('stores a touch of a subscriber found by a hash, a click where nothing is said', async () => {
    const touch = { ...base, email: 'ANN@example.com', cost: '0.0125', currency: 'EUR', creative: 'hero' };
    const { status, body } = await post([touch]);
    expect([status, body]).toEqual([200, { results: [{ index: 0, status: 'accepted', id: 't1', errors: [] }] }]);
    expect(rows()).toEqual([
      {
        id: 't1',
        kind: 'click',
        ts: Date.parse(ts),
        received_at: NOW,
        channel: 'email',
        subscriber_no: 1,
        subscriber_id: 'ann',
        email_hash: hash.email,
        phone_hash: null,
        customer_hash: null,
        campaign_id: 'newsletter',
        message_id: null,
        creative: 'hero',
        segment: null,
        offer_id: null,
        cost_micros: 12_500,
        currency: 'EUR',
      },
    ]);
  });

  it('believes the sender’s own id first, then e-mail and phone, the customer id last', async () => {
    await post([
      { ...base, id: '1', subscriber_id: 'ann', customer_id: 'c-1', kind: 'view' },
      { ...base, id: '2', customer_id: 'c-1', email: 'ann@example.com' },
      { ...base, id: '3', customer_id: 'c-1', email: 'carol@example.com' },
      { ...base, id: '4', subscriber_id: 'unheard of' },
      { ...base, id: '5', phone: '0151 1234567', country: 'DE' },
    ]);
    expect(rows().map(({ subscriber_no, subscriber_id }) => [subscriber_no, subscriber_id])).toEqual([
      [1, 'ann'],
      [1, 'ann'],
      [2, 'bob'],
      [null, 'unheard of'],
      [null, null],
    ]);
    expect(rows()[4]?.phone_hash).toBe(hashIdentity('phone', '+491511234567', home));
    expect(JSON.stringify(rows())).not.toMatch(/example\.com|1234567/);
  });

  it('tells every fault of an item, repeats within a request, and lets the others through', async () => {
    const { body } = await post([
      { ...base, subscriber_id: 'ann' },
      { ...base, subscriber_id: 'bob' },
      { ...base, id: 'nobody' },
      { ...base, id: 'money', subscriber_id: 'ann', cost: '1.5' },
      { ...base, id: 'money2', subscriber_id: 'ann', cost: 1.5, currency: 'XXZ', kind: 'open' },
      { ...base, id: 'future', subscriber_id: 'ann', ts: '2026-06-03T00:00:00Z', email: 'x' },
      { id: 'bare' },
      'text',
    ]);
    const told = body.results.map((result: { status: string; id: string; errors: { path: string }[] }) => [
      result.status,
      result.id,
      result.errors.map(({ path }) => path).sort(),
    ]);
    expect(told).toEqual([
      ['accepted', 't1', []],
      ['duplicate', 't1', []],
      ['rejected', 'nobody', ['subscriber_id']],
      ['rejected', 'money', ['currency']],
      ['rejected', 'money2', ['cost', 'currency', 'kind']],
      ['rejected', 'future', ['email', 'ts']],
      ['rejected', 'bare', ['campaign_id', 'channel', 'ts']],
      ['rejected', null, ['']],
    ]);
    expect(rows().map(({ subscriber_id }) => subscriber_id)).toEqual(['ann']);
  });

  it('needs the scope', async () => {
    const token = await api.newToken('read');
    expect((await post([], { token })).body).toMatchObject({ status: 403, required_scope: 'send' });
  });
});

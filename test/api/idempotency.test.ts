import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';

let api: Awaited<ReturnType<typeof startApi>>;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const D = { destination: 'https://shop.example/landing' };
const create = (body: object, headers?: Record<string, string>) =>
  api.call('POST', '/v1/links', { body, ...(headers && { headers }) });

describe('Idempotency-Key', () => {
  it('runs a call once, however often and however many at once', async () => {
    const body = { ...D, name: 'once' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(body, { 'idempotency-key': 'k1' })));
    expect(new Set(answers.map((answer) => `${answer.status} ${answer.body.link_no} ${answer.body.slug}`)).size).toBe(
      1,
    );
    expect((await create(body, { 'idempotency-key': 'k1' })).body.link_no).toBe(answers[0]?.body.link_no);
    const { links } = (await api.call('GET', '/v1/links?q=once')).body;
    expect(links).toHaveLength(1);
  });

  it('refuses the key with another body, and forgets it after a day', async () => {
    const first = await create({ ...D, name: 'one' }, { 'idempotency-key': 'k2' });
    expect(await create({ ...D, name: 'two' }, { 'idempotency-key': 'k2' })).toMatchObject({
      status: 422,
      body: { code: 'key_reused' },
    });
    api.clock.now += 24 * 3_600_000 + 1_000;
    const later = await create({ ...D, name: 'two' }, { 'idempotency-key': 'k2' });
    expect(later.status).toBe(201);
    expect(later.body.link_no).not.toBe(first.body.link_no);
  });

  it('finishes what a crash between claim and effect left undone', async () => {
    const { ledgerTable } = api.services;
    const crashing = { ...api.services.linksTable, put: async () => Promise.reject(new Error('crash')) };
    const body = { ...D, slug: 'crashed' };
    const put = api.services.linksTable.put.bind(api.services.linksTable);
    Object.assign(api.services.linksTable, { put: crashing.put });
    expect((await create(body, { 'idempotency-key': 'k3' })).status).toBe(500);
    Object.assign(api.services.linksTable, { put });
    const done = await create(body, { 'idempotency-key': 'k3' });
    expect(done).toMatchObject({ status: 201, body: { slug: 'crashed' } });
    expect(await ledgerTable.get('idem#x')).toBeNull();
  });

  it('makes one token and tells its text once', async () => {
    const make = () =>
      api.call('POST', '/v1/tokens', { body: { name: 'n', scopes: ['read'] }, headers: { 'idempotency-key': 'k4' } });
    const [first, second] = [await make(), await make()];
    expect(second.body).toEqual({ ...first.body, token: null });
  });
});

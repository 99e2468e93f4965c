import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';

type Api = Awaited<ReturnType<typeof startApi>>;
let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const paths = (answer: { body: { errors: { path: string }[] } }) => answer.body.errors.map(({ path }) => path).sort();

describe.each([
  ['campaigns', 'campaign', { currency: 'USD' }],
  ['offers', 'offer', { destination: 'https://o.example/?c={click_id}' }],
  ['domains', 'domain', { fallback_url: 'https://f.example/' }],
])('%s', (plural, _kind, body) => {
  const id = plural === 'domains' ? 'one.brand.com' : 'one';
  const url = `/v1/${plural}/${id}`;

  it('are made, shown, replaced, changed and archived, with an ETag that moves', async () => {
    const made = await api.call('PUT', url, { body: { ...body, name: 'first' } });
    expect(made).toMatchObject({ status: 201, body: { id, name: 'first', status: 'active', ...body } });
    const replaced = await api.call('PUT', url, { body });
    expect(replaced).toMatchObject({ status: 200, body: { name: null } });
    expect(replaced.headers.etag).not.toBe(made.headers.etag);
    expect((await api.call('PATCH', url, { body: { name: 'second' } })).body.name).toBe('second');
    expect((await api.call('PATCH', url, { body: { name: null } })).body.name).toBeNull();
    expect((await api.call('DELETE', url)).body.status).toBe('archived');
    expect((await api.call('GET', url)).body).toMatchObject({ id, status: 'archived' });
  });

  it('take back what they showed', async () => {
    const shown = (await api.call('PUT', url, { body })).body;
    expect((await api.call('PUT', url, { body: shown })).status).toBe(200);
  });

  it('refuse a change of a version the client did not see', async () => {
    const seen = (await api.call('PUT', url, { body })).headers.etag ?? '';
    expect((await api.call('PATCH', url, { body: { name: 'a' }, headers: { 'if-match': seen } })).status).toBe(200);
    expect(await api.call('PATCH', url, { body: { name: 'b' }, headers: { 'if-match': seen } })).toMatchObject({
      status: 412,
      body: { code: 'changed' },
    });
    expect((await api.call('GET', url)).body.name).toBe('a');
    expect(
      (
        await api.call('PUT', `/v1/${plural}/${plural === 'domains' ? 'none.brand.com' : 'none'}`, {
          body,
          headers: { 'if-match': '*' },
        })
      ).status,
    ).toBe(412);
  });

  it('lose none of many changes at the same time', async () => {
    await api.call('PUT', url, { body });
    const tags = Array.from({ length: 8 }, (_, at) => `t${at}`);
    const fields = ['name', 'tags'];
    const answers = await Promise.all(
      tags.map((tag, at) => api.call('PATCH', url, { body: at % 2 ? { tags: [tag] } : { name: tag } })),
    );
    expect(answers.map(({ status }) => status)).toEqual(tags.map(() => 200));
    const end = (await api.call('GET', url)).body;
    expect(fields.every((field) => end[field] !== null && end[field].length > 0)).toBe(true);
  });

  it('are listed page by page, each once', async () => {
    const ids = Array.from({ length: 7 }, (_, at) => (plural === 'domains' ? `p${at}.list.com` : `page-${at}`));
    await Promise.all(ids.map((each) => api.call('PUT', `/v1/${plural}/${each}`, { body })));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await api.call('GET', `/v1/${plural}?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      expect(page.body[plural].length).toBeLessThanOrEqual(3);
      seen.push(...page.body[plural].map((entity: { id: string }) => entity.id));
      cursor = page.body.next_cursor;
    } while (cursor);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(ids));
  });

  it('answer 404 and 422 with what is wrong', async () => {
    expect(
      (await api.call('GET', `/v1/${plural}/${plural === 'domains' ? 'missing.brand.com' : 'missing'}`)).status,
    ).toBe(404);
    expect((await api.call('PUT', `/v1/${plural}/!`, { body })).status).toBe(422);
    expect(paths(await api.call('PUT', url, { body: { ...body, nope: 1, tags: ['ok', 'not ok'] } }))).toEqual([
      'nope',
      'tags.1',
    ]);
  });
});

describe('domains of the deployment', () => {
  it('exist before anybody writes them, and can be given a fallback', async () => {
    const listed = (await api.call('GET', '/v1/domains')).body.domains.map((domain: { id: string }) => domain.id);
    expect(listed).toEqual(expect.arrayContaining(['go.brand.com', 'two.brand.com']));
    expect((await api.call('GET', '/v1/domains/go.brand.com')).body).toMatchObject({
      id: 'go.brand.com',
      fallback_url: null,
    });
    const body = { fallback_url: 'https://brand.example/' };
    expect((await api.call('PATCH', '/v1/domains/go.brand.com', { body })).body).toMatchObject(body);
    const after = (await api.call('GET', '/v1/domains')).body.domains.filter(
      (domain: { id: string }) => domain.id === 'go.brand.com',
    );
    expect(after).toMatchObject([body]);
  });
});

describe('preconditions', () => {
  it('let a client create without replacing, and spare it what it has', async () => {
    const body = { name: 'only once' };
    const create = () => api.call('PUT', '/v1/campaigns/careful', { body, headers: { 'if-none-match': '*' } });
    const made = await create();
    expect([made.status, (await create()).status]).toEqual([201, 412]);
    const again = await api.call('GET', '/v1/campaigns/careful', {
      headers: { 'if-none-match': made.headers.etag ?? '' },
    });
    expect([again.status, again.body]).toEqual([304, '']);
  });
});

describe('circles', () => {
  it('are refused: no destination or fallback leads back to a short domain of the account', async () => {
    const answers = [
      await api.call('PUT', '/v1/offers/circle', { body: { destination: 'https://go.brand.com/x' } }),
      await api.call('PUT', '/v1/campaigns/circle', { body: { fallback_url: 'https://two.brand.com/' } }),
      await api.call('POST', '/v1/links', { body: { destination: 'https://GO.brand.com/{click_id}' } }),
    ];
    expect(answers.map(({ status, body }) => [status, body.errors[0].code])).toEqual(
      answers.map(() => [422, 'circular']),
    );
  });
});

describe('bad requests', () => {
  it.each([
    ['no JSON', { raw: '{"a":' }, 400, 'malformed_json'],
    ['another content type', { raw: '{}', headers: { 'content-type': 'text/plain' } }, 415, 'unsupported_type'],
    ['a body over the limit', { raw: `{"name":"${'x'.repeat(1_000_000)}"}` }, 413, 'too_large'],
    ['a scalar', { raw: '7' }, 422, 'invalid'],
    ['an array', { raw: '[]' }, 422, 'invalid'],
    ['null', { raw: 'null' }, 422, 'invalid'],
  ])('%s is %i', async (_, options, status, code) => {
    expect(await api.call('PUT', '/v1/campaigns/c', options)).toMatchObject({
      status,
      body: { code, request_id: 'request-1' },
    });
  });

  it.each([
    ['GET', '/v1/nothing', 404],
    ['POST', '/v1/campaigns/c', 405],
    ['GET', '/v1/campaigns?limit=0', 422],
    ['GET', '/v1/campaigns?limit=501', 422],
    ['GET', '/v1/campaigns?cursor=AAAA', 400],
    ['GET', `/v1/links?cursor=${Buffer.from('["links/",{"foo":"abc"}]').toString('base64url')}`, 400],
    [
      'GET',
      `/v1/reports/clicks?cursor=${Buffer.from('["reports/clicks",{"offset":"abc"}]').toString('base64url')}`,
      400,
    ],
    ['GET', '/v1/reports/constructor', 404],
    ['GET', '/v1/links?constructor=1', 422],
    ['GET', `/v1/reports/runs/${Buffer.from('["q",{"name":"clicks"}]').toString('base64url')}`, 404],
    ['GET', `/v1/campaigns?cursor=${Buffer.from('["offers",{"pk":"x"}]').toString('base64url')}`, 400],
  ])('%s %s is %i', async (method, url, status) => expect((await api.call(method, url)).status).toBe(status));

  it('never answer 500, whatever JSON comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.constantFrom('campaigns', 'offers', 'links'), async (body, plural) => {
        const answer =
          plural === 'links'
            ? await api.call('POST', '/v1/links', { body })
            : await api.call('PUT', `/v1/${plural}/any`, { body });
        expect([200, 201, 422]).toContain(answer.status);
      }),
      { numRuns: 150 },
    );
  });

  it('tell of an item that cannot be read instead of calling it absent', async () => {
    await api.services.linksTable.put({ pk: 'campaign#broken', kind: 'campaign', sort: 'zz-broken' });
    expect(await api.call('GET', '/v1/campaigns/broken')).toMatchObject({
      status: 500,
      body: { code: 'unreadable_item' },
    });
    await api.services.linksTable.delete('campaign#broken');
  });
});

describe('offers', () => {
  it('refuse fallbacks that lead back or to nothing', async () => {
    const put = (id: string, fallback_offer_id: string | null) =>
      api.call('PUT', `/v1/offers/${id}`, { body: { destination: 'https://o.example/', fallback_offer_id } });
    await put('a', null);
    await put('b', 'a');
    expect((await put('a', 'b')).body.errors[0].message).toContain('a → b → a');
    expect((await put('a', 'a')).body.errors[0].message).toContain('a → a');
    expect((await put('a', 'nobody')).body.errors[0].message).toContain('no offer nobody');
  });
});

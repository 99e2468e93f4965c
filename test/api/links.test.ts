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

describe('making links', () => {
  it('gives a number, a URL and every default', async () => {
    const made = await create({ ...D, slug: 'Summer-Sale', campaign_id: 'summer_sale' });
    expect(made).toMatchObject({
      status: 201,
      body: {
        url: 'https://go.brand.com/summer-sale',
        slug: 'summer-sale',
        domain: null,
        status: 'active',
        personal: false,
        params: { click_id: '{click_id}' },
      },
    });
    expect(made.body.link_no).toBeGreaterThanOrEqual(2 ** 22);
    expect(made.headers.location).toBe(`/v1/links/${made.body.link_no}`);
    expect((await api.call('GET', `/v1/links/${made.body.link_no}`)).body).toEqual(made.body);
  });

  it('makes a slug where none was chosen', async () => {
    const { body } = await create(D);
    expect(body.slug).toMatch(/^[2-9a-hjkmnp-z]{7}$/);
  });

  it('numbers personal links from 1, without a slug', async () => {
    const { body } = await create({ ...D, personal: true });
    expect(body).toMatchObject({ link_no: 1, slug: null, url: null });
    expect((await create({ ...D, personal: true, slug: 'x' })).status).toBe(422);
  });

  it('takes the same slug once per domain', async () => {
    expect((await create({ ...D, slug: 'twice', domain: 'two.brand.com' })).body.url).toBe(
      'https://two.brand.com/twice',
    );
    expect((await create({ ...D, slug: 'twice' })).status).toBe(201);
    expect(await create({ ...D, slug: 'TWICE' })).toMatchObject({ status: 409, body: { code: 'slug_taken' } });
    expect(await create({ ...D, slug: 'twice', domain: 'go.brand.com' })).toMatchObject({ status: 409 });
  });

  it('lets exactly one of a hundred win the same slug, and leaves no trace of the others', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => create({ ...D, slug: 'race' })));
    const won = answers.filter(({ status }) => status === 201);
    expect([won.length, answers.filter(({ status }) => status === 409).length]).toEqual([1, 99]);
    const next = (await create(D)).body.link_no;
    for (let linkNo = next - 100; linkNo < next; linkNo++) {
      const status = (await api.call('GET', `/v1/links/${linkNo}`)).status;
      if (linkNo !== won[0]?.body.link_no) expect(status).toBe(404);
    }
  });

  it.each([
    [{}, ['destination']],
    [{ ...D, offer_id: 'o' }, ['destination']],
    [{ destination: 'javascript:alert(1)', slug: 'abcdefghi', status: 'odd' }, ['destination', 'slug', 'status']],
    [{ ...D, starts_at: '2026-02-01T00:00:00Z', expires_at: '2026-01-01T00:00:00Z' }, ['expires_at']],
    [{ ...D, rules: [{ when: {}, destination: 'ftp://x' }] }, ['rules.0.destination', 'rules.0.when']],
    [{ ...D, link_number: 5, params: { a: 7 } }, ['link_number', 'params.a']],
    [{ ...D, domain: 'stranger.example' }, ['domain']],
    [{ ...D, params: { s: '{clickid}' } }, ['params.s']],
    [
      { ...D, params: Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`p${at}`, 'x'.repeat(1_000)])) },
      ['params'],
    ],
    [{ offer_id: 'nobody', rules: [{ when: { os: ['ios'] }, offer_id: 'nothing' }] }, ['offer_id', 'rules.0.offer_id']],
  ])('names every fault of %j', async (body, expected) => {
    const answer = await create(body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { path: string }) => error.path).sort()).toEqual(expected);
  });

  it('keeps times as UTC, whatever offset or number they came in', async () => {
    const { body } = await create({
      ...D,
      starts_at: '2026-06-01T02:00:00+02:00',
      expires_at: Date.parse('2027-01-01T00:00:00Z'),
    });
    expect([body.starts_at, body.expires_at]).toEqual(['2026-06-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z']);
  });
});

describe('changing links', () => {
  it('changes by patch and replaces by put, with the slug kept where it was left out', async () => {
    const { link_no, slug } = (await create({ ...D, name: 'n', tags: ['a'] })).body;
    expect((await api.call('PATCH', `/v1/links/${link_no}`, { body: { status: 'paused' } })).body).toMatchObject({
      status: 'paused',
      name: 'n',
    });
    expect(
      (await api.call('PATCH', `/v1/links/${link_no}`, { body: { status: null, tags: null } })).body,
    ).toMatchObject({ status: 'active', tags: [] });
    expect(
      (await api.call('PUT', `/v1/links/${link_no}`, { body: { destination: 'https://b.example/' } })).body,
    ).toMatchObject({ slug, name: null });
  });

  it.each([{ slug: 'other' }, { domain: 'two.brand.com' }, { personal: true, slug: null }])(
    'refuses %j: messages carry the URL',
    async (body) => {
      const { link_no } = (await create(D)).body;
      expect(await api.call('PATCH', `/v1/links/${link_no}`, { body })).toMatchObject({
        status: 422,
        body: { code: 'invalid' },
      });
    },
  );

  it('archives, and a tap’s item says so', async () => {
    const { link_no, slug } = (await create(D)).body;
    await api.call('DELETE', `/v1/links/${link_no}`);
    expect(await api.services.linksTable.get(`slug#default/${slug}`)).toMatchObject({
      doc: { status: 'archived', link_no },
    });
  });

  it('is repeatable by external id', async () => {
    const put = (body: object) => api.call('PUT', '/v1/links/by-external-id/crm-1', { body });
    const answers = await Promise.all(Array.from({ length: 10 }, () => put({ ...D, slug: 'ext' })));
    expect(new Set(answers.map(({ body }) => body.link_no)).size).toBe(1);
    expect((await put({ destination: 'https://new.example/' })).body).toMatchObject({
      slug: 'ext',
      destination: 'https://new.example/',
      external_id: 'crm-1',
    });
    expect((await create({ ...D, external_id: 'crm-1' })).status).toBe(409);
  });
});

describe('external ids', () => {
  it('are not used up by a creation that failed, and are free again when a link gives them up', async () => {
    await create({ ...D, slug: 'taken-slug' });
    expect((await create({ ...D, slug: 'taken-slug', external_id: 'e1' })).status).toBe(409);
    const made = await create({ ...D, external_id: 'e1' });
    expect(made.status).toBe(201);
    await api.call('PATCH', `/v1/links/${made.body.link_no}`, { body: { external_id: 'e2' } });
    expect((await create({ ...D, external_id: 'e1' })).status).toBe(201);
    expect((await create({ ...D, external_id: 'e2' })).status).toBe(409);
  });
});

describe('a link by external id', () => {
  it('is one link with one generated slug, however many make it at once', async () => {
    const put = () => api.call('PUT', '/v1/links/by-external-id/generated', { body: D });
    const answers = await Promise.all(Array.from({ length: 12 }, put));
    expect(answers.map(({ status }) => status).filter((status) => status >= 400)).toEqual([]);
    expect(new Set(answers.map(({ body }) => `${body.link_no} ${body.slug}`)).size).toBe(1);
    expect((await put()).body.slug).toBe(answers[0]?.body.slug);
  });

  it('heals where a crash left a number that points to nothing', async () => {
    const { linksTable } = api.services;
    await linksTable.put({ pk: 'external#halfway', link_no: 5_000_000 });
    await linksTable.put({ pk: 'link#5000000', target: 'slug#default/never-written' });
    const made = await api.call('PUT', '/v1/links/by-external-id/halfway', { body: D });
    expect(made).toMatchObject({ status: 201, body: { link_no: 5_000_000 } });
    expect((await api.call('GET', '/v1/links/5000000')).body.slug).toBe(made.body.slug);
  });
});

describe('links whose surroundings went', () => {
  it('can still be paused', async () => {
    await api.call('PUT', '/v1/domains/old.brand.com', { body: {} });
    const { link_no } = (await create({ ...D, domain: 'old.brand.com' })).body;
    await api.call('DELETE', '/v1/domains/old.brand.com');
    expect((await api.call('PATCH', `/v1/links/${link_no}`, { body: { status: 'paused' } })).status).toBe(200);
    expect((await create({ ...D, domain: 'old.brand.com' })).status).toBe(422);
  });
});

describe('listing links', () => {
  it('filters by campaign, status, tag and text, and pages through', async () => {
    const bodies = Array.from({ length: 9 }, (_, at) => ({
      ...D,
      campaign_id: 'list-me',
      name: `Item ${at}`,
      tags: at % 2 ? ['odd'] : [],
      status: at === 3 ? 'paused' : 'active',
    }));
    for (const body of bodies) await create(body);
    const names = async (query: string) =>
      (await api.call('GET', `/v1/links?campaign_id=list-me${query}`)).body.links.map(
        (link: { name: string }) => link.name,
      );
    expect(await names('')).toHaveLength(9);
    expect(await names('&status=paused')).toEqual(['Item 3']);
    expect(await names('&tag=odd')).toEqual(['Item 1', 'Item 3', 'Item 5', 'Item 7']);
    expect(await names('&q=item%207')).toEqual(['Item 7']);
    const first = (await api.call('GET', '/v1/links?campaign_id=list-me&tag=odd&limit=3')).body;
    const second = (await api.call('GET', `/v1/links?campaign_id=list-me&tag=odd&limit=3&cursor=${first.next_cursor}`))
      .body;
    expect([first.links.length, second.links.map((link: { name: string }) => link.name)]).toEqual([3, ['Item 7']]);
    expect(second.next_cursor).toBeNull();
    expect((await api.call('GET', '/v1/links?colour=red')).status).toBe(422);
  });
});

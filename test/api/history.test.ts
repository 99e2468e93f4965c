import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';

type Api = Awaited<ReturnType<typeof startApi>>;
let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const D = { destination: 'https://shop.example/landing' };
const make = async (body: object = D) => (await api.call('POST', '/v1/links', { body })).body;
const historyOf = async (linkNo: number, query = '') =>
  (await api.call('GET', `/v1/links/${linkNo}/history${query}`)).body;
const patch = (linkNo: number, body: object) => api.call('PATCH', `/v1/links/${linkNo}`, { body });

describe('the history of a link', () => {
  it('says who did what and when, the newest first', async () => {
    const { link_no } = await make({ ...D, name: 'first' });
    const robot = (await api.call('POST', '/v1/tokens', { body: { name: 'robot', scopes: ['manage'] } })).body;
    api.clock.now += 5_000;
    await api.call('PATCH', `/v1/links/${link_no}`, { body: { name: 'second', tags: ['a'] }, token: robot.token });
    await api.call('PUT', `/v1/links/${link_no}`, { body: { destination: 'https://b.example/' } });
    await api.call('DELETE', `/v1/links/${link_no}`);
    const { history, next_cursor } = await historyOf(link_no);
    expect(next_cursor).toBeNull();
    expect(history.map((entry: { action: string; revision: number }) => [entry.revision, entry.action])).toEqual([
      [4, 'archived'],
      [3, 'replaced'],
      [2, 'changed'],
      [1, 'created'],
    ]);
    expect(history[2]).toEqual({
      revision: 2,
      at: new Date(api.clock.now).toISOString(),
      action: 'changed',
      token_id: robot.id,
      token_name: 'robot',
      changes: [
        { field: 'name', before: 'first', after: 'second' },
        { field: 'tags', before: [], after: ['a'] },
      ],
    });
    expect(history[0].changes).toEqual([{ field: 'status', before: 'active', after: 'archived' }]);
    expect(history[3].changes).toContainEqual({ field: 'destination', before: null, after: D.destination });
    expect(history[1].changes).toContainEqual({
      field: 'destination',
      before: D.destination,
      after: 'https://b.example/',
    });
  });

  it('pages through', async () => {
    const { link_no } = await make();
    for (let at = 2; at <= 7; at++) await patch(link_no, { name: `n${at}` });
    const seen: number[] = [];
    let cursor = '';
    do {
      const page = await historyOf(link_no, `?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.history.map(({ revision }: { revision: number }) => revision));
      cursor = page.next_cursor ?? '';
    } while (cursor);
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect((await api.call('GET', `/v1/links/${link_no}/history?cursor=nonsense`)).status).toBe(400);
    expect((await api.call('GET', '/v1/links/77/history')).status).toBe(404);
  });

  it('tells apart every one of many who change it at once', async () => {
    const { link_no } = await make();
    const names = Array.from({ length: 8 }, (_, at) => `writer ${at}`);
    const answers = await Promise.all(names.map((name) => patch(link_no, { name })));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const { history } = await historyOf(link_no);
    const steps = history
      .slice(0, -1)
      .map((entry: { changes: { before: unknown; after: string }[] }) => entry.changes[0]);
    expect(steps.map(({ after }: { after: string }) => after).sort()).toEqual(names);
    for (const [at, step] of steps.slice(0, -1).entries()) expect(step.before).toBe(steps[at + 1].after);
  });

  it('keeps a long value short enough for the item', async () => {
    const { link_no } = await make();
    const rules = Array.from({ length: 50 }, () => ({
      when: { os: ['ios'] },
      destination: `https://shop.example/${'x'.repeat(900)}`,
    }));
    expect((await patch(link_no, { rules })).status).toBe(200);
    const { history } = await historyOf(link_no);
    expect(history[0].changes).toMatchObject([{ field: 'rules', before: [], after: { begins: expect.any(String) } }]);
  });
});

describe('a crash between change and record', () => {
  /** Runs while the entry of revision 2 cannot be written. */
  async function withoutSecondEntry<T>(run: () => Promise<T>): Promise<T> {
    const { ledgerTable } = api.services;
    const put = ledgerTable.put.bind(ledgerTable);
    const failing: typeof put = async (item, condition) => {
      if (item.pk.endsWith('#000000000002')) throw new Error('crash');
      return put(item, condition);
    };
    Object.assign(ledgerTable, { put: failing });
    try {
      return await run();
    } finally {
      Object.assign(ledgerTable, { put });
    }
  }

  it('loses nothing: the item carries its change until it is on record', async () => {
    const { link_no } = await make();
    expect((await withoutSecondEntry(() => patch(link_no, { name: 'lost?' }))).status).toBe(200);
    expect(api.log).toContainEqual({ event: 'history:late', error: 'Error' });
    const late = await historyOf(link_no);
    expect(late.history[0]).toMatchObject({ revision: 2, changes: [{ field: 'name', before: null, after: 'lost?' }] });
    await patch(link_no, { name: 'next' });
    const { history } = await historyOf(link_no);
    expect(history.map(({ revision }: { revision: number }) => revision)).toEqual([3, 2, 1]);
  });

  it('tells nothing false: a change that was refused leaves no entry', async () => {
    const { link_no, slug } = await make();
    await withoutSecondEntry(() => patch(link_no, { name: 'first' }));
    // The first change is not on record yet, so that no other may take its place in the item.
    expect((await withoutSecondEntry(() => patch(link_no, { name: 'second' }))).status).toBe(500);
    expect((await api.call('GET', `/v1/links/${link_no}`)).body).toMatchObject({ name: 'first', slug });
    const stale = await api.call('PATCH', `/v1/links/${link_no}`, {
      body: { name: 'x' },
      headers: { 'if-match': '"1"' },
    });
    expect(stale.status).toBe(412);
    expect((await historyOf(link_no)).history).toHaveLength(2);
  });
});

describe.each([
  ['campaigns', 'history-one', {}],
  ['offers', 'history-one', { destination: 'https://o.example/' }],
  ['domains', 'history.brand.com', {}],
])('the history of %s', (plural, id, body) => {
  it('is kept in the same way', async () => {
    await api.call('PUT', `/v1/${plural}/${id}`, { body });
    await api.call('PATCH', `/v1/${plural}/${id}`, { body: { name: 'new' } });
    await api.call('DELETE', `/v1/${plural}/${id}`);
    const { history } = (await api.call('GET', `/v1/${plural}/${id}/history`)).body;
    expect(history.map(({ action }: { action: string }) => action)).toEqual(['archived', 'changed', 'created']);
    expect(history[1]).toMatchObject({ token_name: 't', changes: [{ field: 'name', before: null, after: 'new' }] });
    expect((await api.call('GET', `/v1/${plural}/nobody.example/history`)).status).toBe(404);
  });
});

describe('the history of the settings', () => {
  it('is kept in the same way, and empty before the first change', async () => {
    const history = async () => (await api.call('GET', '/v1/settings/history')).body.history;
    expect(await history()).toEqual([]);
    for (const time_zone of ['Asia/Tokyo', 'Europe/Berlin'])
      await api.call('PATCH', '/v1/settings', { body: { time_zone } });
    expect((await api.call('PATCH', '/v1/settings', { body: { time_zone: 'Mars' } })).status).toBe(422);
    expect(await history()).toMatchObject([
      {
        action: 'changed',
        token_name: 't',
        changes: [{ field: 'time_zone', before: 'Asia/Tokyo', after: 'Europe/Berlin' }],
      },
      { action: 'created', changes: expect.arrayContaining([{ field: 'currency', before: null, after: 'USD' }]) },
    ]);
  });
});

describe('a clone', () => {
  it('is another link with the same fields, but not who it is and what became of it', async () => {
    const source = await make({
      ...D,
      slug: 'original',
      external_id: 'crm-9',
      name: 'n',
      tags: ['t'],
      params: { a: '{click_id}' },
      status: 'paused',
      sent_at: '2026-06-01T00:00:00Z',
    });
    const cloned = await api.call('POST', `/v1/links/${source.link_no}/clone`, { body: { name: 'copy', tags: null } });
    expect(cloned).toMatchObject({
      status: 201,
      body: {
        ...D,
        name: 'copy',
        tags: [],
        params: { a: '{click_id}' },
        external_id: null,
        status: 'active',
        sent_at: null,
      },
    });
    expect(cloned.body.link_no).not.toBe(source.link_no);
    expect(cloned.body.slug).not.toBe('original');
    const named = await api.call('POST', `/v1/links/${source.link_no}/clone`, { body: { slug: 'copy-2' } });
    expect(named.body.url).toBe('https://go.brand.com/copy-2');
    expect((await historyOf(named.body.link_no)).history).toMatchObject([{ action: 'created' }]);
  });

  it('is refused with every fault, and is made once for a key and a link', async () => {
    const [one, two] = [await make(), await make()];
    const clone = (linkNo: number, body: object, headers = {}) =>
      api.call('POST', `/v1/links/${linkNo}/clone`, { body, headers });
    expect((await clone(one.link_no, { destination: null, colour: 'red' })).body.errors).toHaveLength(2);
    expect((await clone(one.link_no, { slug: one.slug })).status).toBe(409);
    expect((await clone(99, {})).status).toBe(404);
    const key = { 'idempotency-key': 'clone-1' };
    const [first, again] = [await clone(one.link_no, {}, key), await clone(one.link_no, {}, key)];
    expect(again.body.link_no).toBe(first.body.link_no);
    expect((await clone(two.link_no, {}, key)).status).toBe(422);
  });
});

describe('filters of the list', () => {
  it('take kind, domain, message and external id', async () => {
    const made = [
      await make({ ...D, campaign_id: 'filter', message_id: 'm1', personal: true }),
      await make({ ...D, campaign_id: 'filter', message_id: 'm1', external_id: 'filter-1' }),
      await make({ ...D, campaign_id: 'filter', message_id: 'm2', domain: 'two.brand.com' }),
    ];
    const found = async (query: string) =>
      (await api.call('GET', `/v1/links?campaign_id=filter&${query}`)).body.links.map(
        ({ link_no }: { link_no: number }) => made.findIndex((link) => link.link_no === link_no),
      );
    expect(await found('personal=true')).toEqual([0]);
    expect(await found('personal=false&message_id=m1')).toEqual([1]);
    expect(await found('external_id=filter-1')).toEqual([1]);
    expect(await found('domain=two.brand.com')).toEqual([2]);
    expect(await found('domain=GO.brand.com')).toEqual([0, 1]);
    expect((await api.call('GET', '/v1/links?personal=perhaps')).status).toBe(422);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';
import { type Api, codesOf, mint, minted, newLink, put, type Row } from './mint.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const link = async (linkNo: string | undefined) => (await api.call('GET', `/v1/links/${linkNo}`)).body;
const byRow = (rows: readonly Row[]) => rows.map((row) => [row.subscriber_id, row.link_no]);

describe('by', () => {
  const list = 'subscriber_id,segment,creative,city\na,vip,v1,x\nb,vip,v2,y\nc,new,v1,z\nd,vip,v1,\ne,,,\nf,new,,\n';

  it('mints on a link of its own for each combination, a copy of the link with these values', async () => {
    const linkNo = await newLink(api, {
      name: 'Welcome',
      campaign_id: 'c',
      message_id: 'm1',
      segment: 'all',
      tags: ['t'],
    });
    const rows = await minted(api, linkNo, list, '?by=segment,creative');
    const [a, b, c, d, e, f] = rows.map((row) => row.link_no);
    expect(d).toBe(a);
    expect(e).toBe(String(linkNo));
    expect(new Set([a, b, c, e, f]).size).toBe(5);
    expect(await link(b)).toMatchObject({
      personal: true,
      name: 'Welcome: vip, v2',
      campaign_id: 'c',
      message_id: 'm1',
      segment: 'vip',
      creative: 'v2',
      tags: ['t'],
      status: 'active',
    });
    expect(await link(f)).toMatchObject({ segment: 'new', creative: null });
    expect(await link(String(linkNo))).toMatchObject({ segment: 'all', name: 'Welcome', external_id: null });
    expect(api.streams.rows.recipients.slice(-6).map((row) => [row.segment, row.creative, row.attributes])).toEqual([
      ['vip', 'v1', '{"city":"x"}'],
      ['vip', 'v2', '{"city":"y"}'],
      ['new', 'v1', '{"city":"z"}'],
      ['vip', 'v1', null],
      ['all', null, null],
      ['new', null, null],
    ]);
  });

  it('finds the same links again, however many mint at once and whatever the order of fields', async () => {
    const linkNo = await newLink(api, { name: 'Again' });
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => minted(api, linkNo, list, '?by=segment,creative')),
    );
    const turned = await minted(api, linkNo, list, '?by=creative,segment');
    for (const rows of [...answers, turned]) {
      expect(byRow(rows)).toEqual(byRow(turned));
      expect(codesOf(rows)).toEqual(codesOf(turned));
    }
  });

  it('takes back what a sibling showed, and a change of it', async () => {
    const linkNo = await newLink(api);
    const [row] = await minted(api, linkNo, 'subscriber_id,message_id\na,m-7\n', '?by=message_id');
    const shown = await link(row?.link_no);
    const url = `/v1/links/${row?.link_no}`;
    expect((await api.call('PUT', url, { body: shown })).status).toBe(200);
    expect((await api.call('PATCH', url, { body: { partner: 'p' } })).body).toMatchObject({
      partner: 'p',
      message_id: 'm-7',
    });
    expect((await minted(api, linkNo, 'subscriber_id,message_id\na,m-7\n', '?by=message_id'))[0]?.code).toBe(row?.code);
  });

  it('makes three links and one file of a journey of three messages', async () => {
    await put(api, 'campaigns/journey', { promo: { prefix: 'JOY', type: 'percentage', value: '10' } });
    const segments = ['s1', 's2', 's3', 's4', 's5'];
    const people = segments.flatMap((segment) =>
      ['v1', 'v2'].map((creative) => `${segment}${creative},${segment},${creative}`),
    );
    const file = `subscriber_id,segment,creative\n${people.join('\n')}\n`;
    const promos = new Set<string>();
    const codes = new Set<string>();
    for (const message_id of ['welcome-1', 'welcome-2', 'welcome-3']) {
      const linkNo = await newLink(api, { campaign_id: 'journey', message_id });
      for (const row of await minted(api, linkNo, file, '?by=segment,creative')) {
        promos.add(row.promo_code ?? '');
        codes.add(row.code ?? '');
      }
    }
    expect([promos.size, codes.size]).toEqual([10, 30]);
    const listed = await api.call('GET', '/v1/links?campaign_id=journey&limit=100');
    expect(listed.body.links).toHaveLength(33);
  });

  it('takes at most 200 combinations, of values that a link can have', async () => {
    const linkNo = await newLink(api);
    const rows = Array.from({ length: 201 }, (_, at) => `a${at},s${at}`).join('\n');
    const many = await mint(api, linkNo, `subscriber_id,segment\n${rows}\n`, '?by=segment');
    expect(many).toMatchObject({ status: 422, body: { errors: [{ path: 'by', code: 'too_many' }] } });
    expect((await api.call('GET', '/v1/links?q=s200')).body.links).toEqual([]);
    const [bad] = await minted(api, linkNo, 'subscriber_id,segment\na,two words\n', '?by=segment');
    expect(bad).toMatchObject({ code: '', error: 'segment must be 1 to 64 characters of A-Z a-z 0-9 . _ -' });
    const missing = await mint(api, linkNo, 'subscriber_id\na\n', '?by=segment');
    expect(missing).toMatchObject({ status: 422, body: { errors: [{ path: 'segment', code: 'missing_column' }] } });
  });

  it('says which link of a combination is archived', async () => {
    const linkNo = await newLink(api);
    const [row] = await minted(api, linkNo, 'subscriber_id,segment\na,vip\n', '?by=segment');
    await api.call('DELETE', `/v1/links/${row?.link_no}`);
    const refused = await mint(api, linkNo, 'subscriber_id,segment\na,vip\n', '?by=segment');
    expect(refused).toMatchObject({ status: 409, body: { code: 'archived' } });
    expect(refused.body.detail).toContain(`link ${row?.link_no} is archived`);
  });
});

it('a personal link shows what its URLs look like', async () => {
  const made = await api.call('POST', '/v1/links', { body: { personal: true, destination: 'https://x.example/' } });
  expect(made.body).toMatchObject({
    url: null,
    url_example: expect.stringMatching(/^https:\/\/go\.brand\.com\/[A-Za-z0-9]{9}$/),
  });
  const url = `/v1/links/${made.body.link_no}`;
  expect((await api.call('PUT', url, { body: made.body })).status).toBe(200);
  const slug = await api.call('POST', '/v1/links', { body: { slug: 'shown', destination: 'https://x.example/' } });
  expect(slug.body).not.toHaveProperty('url_example');
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import { clickOf, writeClicks } from '../sql/clicks-sample.ts';
import { entryOf, writeEntries } from '../sql/entries-sample.ts';
import { writeRows } from '../sql/lake-writer.ts';
import { recipientOf, writeRecipients } from '../sql/recipients-sample.ts';
import { sendOf, writeSends } from '../sql/sends-sample.ts';
import { enrol, startLakeApi } from '../support/lake-api.ts';

const NOON = Date.parse('2026-06-01T12:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let api: Awaited<ReturnType<typeof startLakeApi>>;

beforeAll(async () => {
  api = await startLakeApi();
  const { lakeDir } = api;
  const minted = { minted_at: NOON - 2 * DAY, campaign_id: 'summer', message_id: 'm1', segment: 'vip' };
  await writeRecipients(lakeDir, [
    recipientOf({ ...minted, subscriber_no: 1, subscriber_id: 'anna/1 ü%', attributes: '{"plan":"gold"}', arm: 'b' }),
    recipientOf({ ...minted, subscriber_no: 1, subscriber_id: 'anna/1 ü%', link_no: 2, minted_at: NOON - DAY }),
    recipientOf({ ...minted, subscriber_no: 2, subscriber_id: 'ben' }),
    recipientOf({ ...minted, subscriber_no: 3, subscriber_id: 'cleo' }),
    recipientOf({ ...minted, subscriber_no: 4, subscriber_id: 'dora', code: null, experiment: 'e1', arm: 'holdout' }),
  ]);
  await writeSends(lakeDir, [
    sendOf({ id: 's1', type: 'sent', ts: NOON - 47 * HOUR, subscriber_no: 1, campaign_id: 'summer' }),
    sendOf({ id: 's1', type: 'sent', ts: NOON - 47 * HOUR, subscriber_no: 1, campaign_id: 'summer' }),
    sendOf({ id: 's1', type: 'delivered', ts: NOON - 46 * HOUR, subscriber_no: null, subscriber_id: 'anna/1 ü%' }),
    sendOf({ id: 's2', type: 'sent', ts: NOON - 47 * HOUR, subscriber_no: 2 }),
  ]);
  const tap = { link_no: 1, campaign_id: 'summer', code_kind: 'personal' as const };
  await writeClicks(lakeDir, [
    clickOf({ ...tap, click_id: 'tap-1', subscriber_no: 1, ts: NOON - 40 * HOUR, destination_host: 'shop.example' }),
    clickOf({ ...tap, subscriber_no: 2, ts: NOON - 40 * HOUR }),
    clickOf({ ...tap, subscriber_no: 3, ts: NOON - 40 * HOUR, actor: 'bot' }),
    clickOf({ ...tap, subscriber_no: 1, ts: NOON - 100 * DAY }),
  ]);
  const touch = { id: 't1', kind: 'view', channel: 'email', campaign_id: 'news', subscriber_id: 'anna/1 ü%' };
  await writeRows(lakeDir, lakeTables.touches, '2026-05-31', [
    { ...touch, ts: NOON - 35 * HOUR, received_at: NOON - 34 * HOUR },
    { ...touch, ts: NOON - 35 * HOUR, received_at: NOON - 33 * HOUR, subscriber_no: 1 },
    { ...touch, id: 't2', ts: NOON - 35 * HOUR, received_at: NOON, subscriber_no: 2, subscriber_id: 'ben' },
  ]);
  const sale = { subscriber_no: 1, campaign_id: 'summer', conversion_id: 'c1', converted_at: NOON - 30 * HOUR };
  await writeEntries(lakeDir, [
    entryOf({ ...sale, occurred_at: NOON - 30 * HOUR, received_at: NOON - 30 * HOUR }),
    entryOf({ ...sale, entry: 'refund', revenue_minor: -1_000, occurred_at: NOON - 20 * HOUR, received_at: NOON }),
  ]);
  await enrol(api, 'anna/1 ü%', 1, ['email#abc', 'email#def', 'phone#123']);
  await enrol(api, 'ben', 2);
  await enrol(api, 'cleo', 3);
  await enrol(api, 'dora', 4);
  await api.call('PUT', '/v1/campaigns/summer', { body: {} });
});

afterAll(() => api.close());

const anna = `/v1/subscribers/${encodeURIComponent('anna/1 ü%')}`;
const kinds = (body: { timeline: { kind: string }[] }) => body.timeline.map(({ kind }) => kind);

test('a subscriber has a number, kinds of identities, newest attributes, and a timeline without repeats', async () => {
  const { status, body } = await api.call('GET', anna);
  expect(status).toBe(200);
  const { timeline, ...subscriber } = body;
  expect(subscriber).toEqual({
    id: 'anna/1 ü%',
    subscriber_no: 1,
    first_seen: '2026-05-01T00:00:00.000Z',
    identities: ['email', 'phone'],
    attributes: { plan: 'gold' },
    labels: [],
    next_cursor: null,
  });
  expect(kinds(body)).toEqual(['conversion', 'minted', 'conversion', 'touch', 'click', 'delivered', 'sent', 'minted']);
  expect(timeline[0]).toEqual({
    ts: '2026-05-31T16:00:00.000Z',
    kind: 'conversion',
    id: 'c1',
    campaign_id: 'summer',
    provider: 'shop',
    detail: 'click_id',
    entry: 'refund',
    event: 'sale',
    status: 'approved',
    revenue: '-10.00',
    currency: 'USD',
  });
  expect(timeline[3]).toEqual({
    ts: '2026-05-31T01:00:00.000Z',
    kind: 'touch',
    id: 't1',
    campaign_id: 'news',
    provider: 'email',
    detail: 'view',
  });
  expect(timeline[4]).toMatchObject({ id: 'tap-1', actor: 'human', destination_host: 'shop.example', link_no: 1 });
  expect(timeline[7]).toMatchObject({ ts: '2026-05-30T12:00:00.000Z', message_id: 'm1', segment: 'vip', arm: 'b' });
});

test('a range narrows and widens the timeline', async () => {
  const late = await api.call('GET', `${anna}?from=2026-05-31T12:00:00Z&to=2026-05-31T16:00:00Z`);
  expect(kinds(late.body)).toEqual(['minted']);
  const all = await api.call('GET', `${anna}?from=2026-01-01`);
  expect(kinds(all.body)).toHaveLength(9);
  const wrong = await api.call('GET', `${anna}?from=yesterday&to=2026-05-41&model=last`);
  expect(wrong.status).toBe(422);
  expect(wrong.body.errors.map(({ path }: { path: string }) => path)).toEqual(['model', 'from', 'to']);
});

test('pages of a timeline are disjoint and complete, labels among them once', async () => {
  await api.call('PUT', `${anna}/labels/vip`);
  const whole = await api.call('GET', anna);
  expect(kinds(whole.body)[0]).toBe('label');
  const seen: unknown[] = [];
  let cursor: string | null = null;
  do {
    const page: { body: { timeline: unknown[]; next_cursor: string | null } } = await api.call(
      'GET',
      `${anna}?limit=2${cursor ? `&cursor=${cursor}` : ''}`,
    );
    seen.push(...page.body.timeline);
    cursor = page.body.next_cursor;
  } while (cursor);
  expect(seen).toEqual(whole.body.timeline);
  await api.call('DELETE', `${anna}/labels/vip`);
  expect((await api.call('GET', '/v1/subscribers/ben?cursor=abc')).status).toBe(400);
});

test('who was never minted is not there', async () => {
  for (const [method, url] of [
    ['GET', '/v1/subscribers/nobody'],
    ['PUT', '/v1/subscribers/nobody/labels/vip'],
    ['DELETE', '/v1/subscribers/nobody/labels/vip'],
  ] as const)
    expect((await api.call(method, url)).status).toBe(404);
});

test('labels are put on and taken off any number of times, and list both ways, in JSON and CSV', async () => {
  const label = (method: string, id: string, name: string) =>
    api.call(method, `/v1/subscribers/${encodeURIComponent(id)}/labels/${name}`);
  expect((await label('PUT', 'ben', 'vip')).body).toEqual({ id: 'ben', labels: ['vip'] });
  const { body: first } = await api.call('GET', '/v1/labels/vip/subscribers');
  api.clock.now += 1_000;
  expect((await label('PUT', 'ben', 'vip')).body).toEqual({ id: 'ben', labels: ['vip'] });
  expect((await api.call('GET', '/v1/labels/vip/subscribers')).body).toEqual(first);
  expect((await label('PUT', 'ben', 'a.b-c_1')).body.labels).toEqual(['a.b-c_1', 'vip']);
  await label('PUT', 'cleo', 'vip');
  expect((await label('PUT', 'ben', 'a b')).status).toBe(422);
  const page = await api.call('GET', '/v1/labels/vip/subscribers?limit=1');
  expect(page.body.subscribers).toEqual([expect.objectContaining({ subscriber_id: 'ben', subscriber_no: 2 })]);
  const csv = await api.call('GET', `/v1/labels/vip/subscribers?cursor=${page.body.next_cursor}`, {
    headers: { accept: 'text/csv' },
  });
  expect(csv.body).toMatch(/^subscriber_id,subscriber_no,labelled_at\r\ncleo,3,2026-/);
  expect((await label('DELETE', 'ben', 'vip')).body.labels).toEqual(['a.b-c_1']);
  expect((await label('DELETE', 'ben', 'vip')).body.labels).toEqual(['a.b-c_1']);
  expect((await api.call('GET', '/v1/labels/vip/subscribers')).body.subscribers).toHaveLength(1);
  expect((await api.call('GET', '/v1/subscribers/ben')).body.labels).toEqual(['a.b-c_1']);
  await label('DELETE', 'ben', 'a.b-c_1');
});

const people = async (query = '') => {
  const { body } = await api.call('GET', `/v1/campaigns/summer/recipients?${query}`);
  return body.recipients.map(({ subscriber_id }: { subscriber_id: string }) => subscriber_id);
};

test('people to message next: by clicks, conversions, arm, segment, message, link and label', async () => {
  expect(await people()).toEqual(['anna/1 ü%', 'ben', 'cleo']);
  expect(await people('clicked=true')).toEqual(['anna/1 ü%', 'ben']);
  expect(await people('clicked=false')).toEqual(['cleo']);
  expect(await people('clicked=true&converted=false')).toEqual(['ben']);
  expect(await people('converted=true')).toEqual(['anna/1 ü%']);
  expect(await people('arm=holdout')).toEqual(['dora']);
  expect(await people('arms=all')).toEqual(['anna/1 ü%', 'ben', 'cleo', 'dora']);
  expect(await people('segment=vip&message_id=m1&link_no=2')).toEqual(['anna/1 ü%']);
  expect(await people('segment=other')).toEqual([]);
  expect(await people('label=vip')).toEqual(['cleo']);
});

test('a person comes with what a message needs', async () => {
  const { body } = await api.call('GET', '/v1/campaigns/summer/recipients?limit=1');
  expect(body.recipients).toEqual([
    {
      subscriber_id: 'anna/1 ü%',
      subscriber_no: 1,
      experiment: [],
      arm: ['b'],
      segment: ['vip'],
      creative: [],
      message_ids: ['m1'],
      link_nos: [1, 2],
      codes: ['code-1-1', 'code-2-1'],
      promo_code: null,
      clicks: 2,
      first_click_at: '2026-02-21T12:00:00.000Z',
      last_click_at: '2026-05-30T20:00:00.000Z',
      conversions: 1,
      last_conversion_at: '2026-05-31T06:00:00.000Z',
      attributes: { plan: 'gold' },
    },
  ]);
  const next = await api.call('GET', `/v1/campaigns/summer/recipients?limit=1&cursor=${body.next_cursor}`, {
    headers: { accept: 'text/csv' },
  });
  expect(next.body).toMatch(/^subscriber_id,subscriber_no,experiment,arm,.*\r\nben,2,/);
  expect(next.headers['x-next-cursor']).toBeTruthy();
});

test('pages come from one run, so what happens in between moves nobody; a cursor is good for its filter alone', async () => {
  const first = await api.call('GET', '/v1/campaigns/summer/recipients?clicked=false&arms=all&limit=1');
  await writeClicks(api.lakeDir, [clickOf({ link_no: 1, campaign_id: 'summer', subscriber_no: 4, ts: NOON - HOUR })]);
  const { next_cursor } = first.body;
  const second = await api.call(
    'GET',
    `/v1/campaigns/summer/recipients?limit=1&arms=all&clicked=false&cursor=${next_cursor}`,
  );
  expect(second.body.recipients).toEqual([expect.objectContaining({ subscriber_id: 'dora' })]);
  expect(second.body.next_cursor).toBeNull();
  expect(await people('clicked=false&arms=all')).toEqual(['cleo']);
  const other = await api.call('GET', `/v1/campaigns/summer/recipients?clicked=true&cursor=${next_cursor}`);
  expect(other.body.code).toBe('bad_cursor');
});

test('wrong filters are told at once; a campaign nobody knows is not there, one that links name is', async () => {
  const { body } = await api.call(
    'GET',
    '/v1/campaigns/summer/recipients?clicked=yes&converted=1&arms=some&arm=a%20b&link_no=0&limit=5&who=me',
  );
  expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
    'who',
    'clicked',
    'converted',
    'arms',
    'arm',
    'link_no',
    'arms',
  ]);
  expect((await api.call('GET', '/v1/campaigns/sumer/recipients')).status).toBe(404);
  const link = { destination: 'https://shop.example/', campaign_id: 'only_links' };
  await api.call('POST', '/v1/links', { body: link });
  expect((await api.call('GET', '/v1/campaigns/only_links/recipients')).body).toEqual({
    recipients: [],
    next_cursor: null,
  });
});

test('scopes: read or manage shows, only manage labels', async () => {
  const read = await api.newToken('read');
  const mint = await api.newToken('mint');
  expect((await api.call('GET', anna, { token: read })).status).toBe(200);
  expect((await api.call('GET', anna, { token: mint })).status).toBe(403);
  expect((await api.call('PUT', `${anna}/labels/x`, { token: read })).status).toBe(403);
  expect((await api.call('GET', '/v1/campaigns/summer/recipients', { token: mint })).status).toBe(403);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi } from '../support/api.ts';
import { enrol } from '../support/lake-api.ts';

let api: Awaited<ReturnType<typeof startApi>>;

beforeAll(async () => {
  api = await startApi();
  await api.call('PUT', '/v1/campaigns/summer', { body: {} });
  await enrol(api, 's-1', 1);
});
afterAll(() => api.close());

/** All pages of a list. */
async function pagesOf(path: string, more = ''): Promise<{ rows: number[]; bytes: number }[]> {
  const pages: { rows: number[]; bytes: number }[] = [];
  let cursor: string | null = null;
  do {
    const { body }: Awaited<ReturnType<typeof api.call>> = await api.call(
      'GET',
      `${path}?${more}${cursor ? `&cursor=${cursor}` : ''}`,
    );
    const rows = body.recipients.map(({ subscriber_no }: { subscriber_no: number }) => subscriber_no);
    pages.push({ rows, bytes: JSON.stringify(body).length });
    cursor = body.next_cursor;
  } while (cursor);
  return pages;
}

test('an answer has at most 5 MB, and no row is lost where it is cut', async () => {
  const attributes = JSON.stringify({ text: 'x'.repeat(4_000) });
  api.engine.rows = Array.from({ length: 3_000 }, (_, at) => ({
    subscriber_id: `s-${at}`,
    subscriber_no: at,
    attributes,
  }));
  const pages = await pagesOf('/v1/campaigns/summer/recipients', 'limit=10000');
  expect(pages.length).toBeGreaterThan(2);
  expect(Math.max(...pages.map(({ bytes }) => bytes))).toBeLessThan(5_000_000);
  expect(pages.flatMap(({ rows }) => rows)).toEqual(api.engine.rows.map(({ subscriber_no }) => subscriber_no));
});

test('pages under a label may be short, but end', async () => {
  api.engine.rows = Array.from({ length: 25_000 }, (_, at) => ({ subscriber_id: `s-${at}`, subscriber_no: at }));
  await api.call('PUT', '/v1/subscribers/s-1/labels/vip');
  const pages = await pagesOf('/v1/campaigns/summer/recipients', 'label=vip&limit=10000');
  expect(pages.map(({ rows }) => rows)).toEqual([[1], [], []]);
});

test('a query that takes longer is answered 202, and the location shows its result', async () => {
  for (const path of ['/v1/campaigns/summer/recipients?arms=all&limit=2', '/v1/subscribers/s-1?limit=2']) {
    api.engine.rows = [{ subscriber_id: 's-1', subscriber_no: 1, kind: 'click', ts: api.clock.now - 1 }];
    api.engine.slowness = 1_000;
    const asked = api.engine.asked.length;
    const slow = await api.call('GET', path);
    expect(slow.status).toBe(202);
    expect(slow.headers.location).toBe(slow.body.run.location);
    api.engine.slowness = 0;
    const done = await api.call('GET', slow.body.run.location);
    expect(done.status).toBe(200);
    expect((done.body.recipients ?? done.body.timeline)[0]).toBeDefined();
    expect(api.engine.asked).toHaveLength(asked + 1);
  }
});

test('a result that is not kept any more is told', async () => {
  api.engine.rows = Array.from({ length: 3 }, (_, at) => ({ subscriber_id: `s-${at}`, subscriber_no: at }));
  const { body } = await api.call('GET', '/v1/campaigns/summer/recipients?limit=1');
  const [list, key] = JSON.parse(Buffer.from(body.next_cursor, 'base64url').toString());
  const gone = Buffer.from(JSON.stringify([list, { ...key, query: 'gone' }])).toString('base64url');
  const answer = await api.call('GET', `/v1/campaigns/summer/recipients?limit=1&cursor=${gone}`);
  expect(answer.body.code).toBe('no_such_run');
});

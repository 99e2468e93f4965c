import { rmSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DuckDbEngine } from '../../local/reports.ts';
import { DAY, entryOf, HOUR, NOW, writeReceived } from '../sql/attribution/sample.ts';
import { clickOf, writeClicks } from '../sql/clicks-sample.ts';
import { temporaryFolder } from '../sql/lake-writer.ts';
import { startApi } from '../support/api.ts';

const lakeDir = temporaryFolder('api-attribution');
let engine: DuckDbEngine;
let api: Awaited<ReturnType<typeof startApi>>;

beforeAll(async () => {
  const person = { subscriber_no: 7, link_no: 1 };
  await writeClicks(lakeDir, [
    clickOf({ ...person, ts: NOW - 30 * HOUR, campaign_id: 'short', message_id: 'm1' }),
    clickOf({ ...person, ts: NOW - 40 * HOUR, offer_id: 'o', message_id: 'm2' }),
    clickOf({ ...person, ts: NOW - 6 * DAY, message_id: 'm3' }),
  ]);
  const returned = { conversion_id: 'returned', subscriber_no: 99, converted_at: NOW - 5 * DAY };
  await writeReceived(lakeDir, 'conversions', [
    entryOf(),
    entryOf({ ...returned, occurred_at: NOW - 5 * DAY }),
    entryOf({
      ...returned,
      entry_id: 'returned-2',
      entry: 'refund',
      occurred_at: NOW + 3 * DAY,
      revenue_minor: -206_867,
      payout_minor: -5,
    }),
  ]);
  engine = await DuckDbEngine.open(lakeDir);
  api = await startApi({ queryEngine: engine, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 10)) });
});

afterAll(async () => {
  engine.close();
  await api.close();
  rmSync(lakeDir, { recursive: true });
});

const RANGE = 'from=2026-06-15&to=2026-06-15';

test('model and windows are the account’s, the campaign’s and the offer’s where the request names none', async () => {
  const messages = async () => {
    const { status, body } = await api.call('GET', `/v1/reports/attribution?by=message&${RANGE}`);
    expect(status).toBe(200);
    return body.rows.map(({ message, revenue }: Record<string, unknown>) => [message, revenue]);
  };
  expect(await messages()).toEqual([
    ['m1', '49.90'],
    ['m2', '0.00'],
    ['m3', '0.00'],
  ]);
  await api.call('PUT', '/v1/campaigns/short', { body: { attribution: { model: 'linear', window: '24h' } } });
  await api.call('PUT', '/v1/offers/o', { body: { destination: 'https://shop.example/', window: '24h' } });
  await api.call('PATCH', '/v1/settings', { body: { attribution: { model: 'first', window: '30d' } } });
  expect(await messages()).toEqual([['m3', '49.90']]);
});

test('what a request says goes before, and meta repeats it with every definition', async () => {
  const asked = 'model=linear&window=30d&half_life=3d&actors=human,suspect&as_of=2026-06-30T00:00:00Z';
  const { body } = await api.call('GET', `/v1/reports/attribution?by=message&${RANGE}&${asked}`);
  expect(body.rows).toHaveLength(3);
  expect(body.meta).toMatchObject({
    basis: 'conversion',
    model: 'linear',
    window: '30d',
    half_life: '3d',
    actors: ['human', 'suspect'],
    total: { model: 'linear', window: '30d', conversions: 1, revenue: '49.90', touches: 3 },
  });
  const defined = body.meta.columns.map(({ name }: { name: string }) => name);
  for (const name of Object.keys(body.rows[0])) expect([...defined, 'message', 'message_id', 'reason']).toContain(name);
  const csv = await api.call('GET', `/v1/reports/attribution?${RANGE}`, { headers: { accept: 'text/csv' } });
  expect(String(csv.body).split('\r\n')[0]).toContain('conversions,currency,revenue,payout');
});

test('money in CSV is the number that JSON tells, below zero too', async () => {
  const asked = '/v1/reports/attribution?by=message&from=2026-06-18&to=2026-06-18';
  const csv = await api.call('GET', asked, { headers: { accept: 'text/csv' } });
  const rows: Record<string, string>[] = parse(String(csv.body), { columns: true });
  expect(rows).toEqual([
    expect.objectContaining({ reason: 'no_touch', conversions: '0', revenue: '-2068.67', payout: '-0.05' }),
  ]);
  const [told] = (await api.call('GET', asked)).body.rows;
  expect([rows[0]?.revenue, rows[0]?.payout]).toEqual([told.revenue, told.payout]);
});

test('models that are computed from all paths, all models side by side, and the paths themselves', async () => {
  const get = async (query: string) => (await api.call('GET', `/v1/reports/${query}&${RANGE}&window=30d`)).body;
  const shapley = await get('attribution?by=message&model=shapley&limit=2');
  expect(shapley.rows).toEqual([
    expect.objectContaining({ model: 'shapley', message: 'm1', conversions: 0.333333333, revenue: '16.64' }),
    expect.objectContaining({ message: 'm2', revenue: '16.63' }),
  ]);
  expect(shapley.meta.total).toMatchObject({ conversions: 1, revenue: '49.90' });
  const rest = await get(`attribution?by=message&model=shapley&limit=2&cursor=${shapley.meta.next_cursor}`);
  expect(rest.rows).toEqual([expect.objectContaining({ message: 'm3', revenue: '16.63' })]);
  expect(rest.meta.next_cursor).toBeNull();
  const models = await get('models?by=message&model=last');
  expect(models.rows).toHaveLength(21);
  expect(models.rows[0]).toMatchObject({ model: 'last', message: 'm1', conversions: 1, conversions_gain: 0 });
  const paths = await get('paths?by=message');
  expect(paths.rows).toContainEqual(
    expect.objectContaining({ message: 'm3', assists: 1, clicks_before_converting: 3 }),
  );
});

test('paths are told apart by what their touches are, and nothing else', async () => {
  const faults = async (query: string) =>
    (await api.call('GET', `/v1/reports/${query}`)).body.errors.map(({ path }: { path: string }) => path);
  expect(await faults('attribution?model=markov&by=day,message&filter.campaign=a&basis=click')).toEqual([
    'by',
    'filter.campaign',
    'basis',
  ]);
  expect(await faults('models?by=message&filter.campaign=a')).toEqual(['filter.campaign']);
  expect(await faults('paths?by=event')).toEqual(['by']);
  expect(await faults('models?by=message&mature=yes')).toEqual(['mature']);
});

test('by click the range is the click’s', async () => {
  const { body } = await api.call(
    'GET',
    `/v1/reports/attribution?by=day&basis=click&from=2026-06-14&to=2026-06-14&model=last&window=7d`,
  );
  expect(body.rows).toEqual([expect.objectContaining({ day: '2026-06-14', revenue: '49.90' })]);
});

test('every fault of the parameters is told at once; other reports do not take them', async () => {
  const wrong = 'model=best&window=week&half_life=0d&actors=human,alien&as_of=yesterday&by=carrier&basis=mint';
  const first = await api.call('GET', `/v1/reports/attribution?${wrong}`);
  expect(first.status).toBe(422);
  expect(first.body.errors.map(({ path }: { path: string }) => path)).toEqual(['basis']);
  const { body } = await api.call('GET', `/v1/reports/attribution?${wrong.replace('&basis=mint', '')}`);
  expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
    'by',
    'model',
    'window',
    'half_life',
    'actors',
    'as_of',
  ]);
  expect((await api.call('GET', '/v1/reports/clicks?model=last')).body.errors).toMatchObject([{ path: 'model' }]);
});

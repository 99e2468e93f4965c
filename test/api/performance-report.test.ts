import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import { DuckDbEngine } from '../../local/reports.ts';
import { DAY, entryOf, HOUR, NOW, writeReceived } from '../sql/attribution/sample.ts';
import { clickOf, utcDay, writeClicks } from '../sql/clicks-sample.ts';
import { temporaryFolder, writeRows } from '../sql/lake-writer.ts';
import { sendOf } from '../sql/performance/sends-sample.ts';
import { recipientOf, writeRecipients } from '../sql/recipients-sample.ts';
import { writeSends } from '../sql/sends-sample.ts';
import { startApi } from '../support/api.ts';

const lakeDir = temporaryFolder('api-performance');
let engine: DuckDbEngine;
let api: Awaited<ReturnType<typeof startApi>>;

beforeAll(async () => {
  engine = await DuckDbEngine.open(lakeDir);
  api = await startApi({ queryEngine: engine, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 10)) });
  api.clock.now = NOW + 20 * DAY;
  const person = { subscriber_no: 7, link_no: 1, campaign_id: 'welcome', message_id: 'welcome-1' };
  await writeSends(lakeDir, [sendOf({ subscriber_no: 7, ts: NOW - 30 * HOUR })]);
  await writeClicks(lakeDir, [clickOf({ ...person, ts: NOW - 20 * HOUR })]);
  await writeReceived(lakeDir, 'conversions', [entryOf({ identity_subscriber_no: 7 })]);
  const drawn = { experiment: 'e1', minted_at: NOW - 40 * HOUR };
  await writeRecipients(lakeDir, [
    recipientOf({ ...drawn, subscriber_no: 7, arm: 'treatment' }),
    recipientOf({ ...drawn, subscriber_no: 8, arm: 'holdout', code: null }),
  ]);
});

afterAll(async () => {
  engine.close();
  await api.close();
  rmSync(lakeDir, { recursive: true });
});

const RANGE = 'from=2026-06-10&to=2026-06-16';

test('performance is asked for by clock and currency, and says so in meta', async () => {
  const { status, body } = await api.call('GET', `/v1/reports/performance?by=message&${RANGE}&basis=send`);
  expect(status).toBe(200);
  expect(body.rows).toEqual([
    expect.objectContaining({
      message: 'welcome-1',
      sent: 1,
      clicks_human: 1,
      revenue: '49.90',
      cost: '0.01',
      rpm: 49.9,
    }),
  ]);
  expect(body.meta).toMatchObject({ basis: 'send', currency: 'USD', model: 'last', total: { revenue: '49.90' } });
  expect(body.meta.columns.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['rpc', 'rpc_low', 'immature']),
  );
});

test('rates that are put bring money into the currency asked for; without them it stays as it came', async () => {
  const asked = `/v1/reports/performance?${RANGE}&currency=EUR`;
  expect((await api.call('GET', asked)).body.rows[0]).toMatchObject({ currency: 'USD', revenue: '49.90' });
  await api.call('PUT', '/v1/rates/2026-06-15', { body: { base: 'EUR', rates: { USD: 1.25 } } });
  await writeRows(lakeDir, lakeTables.rates, utcDay(api.clock.now), api.streams.rows.rates);
  await api.call('PUT', '/v1/rates/2026-06-14', { body: { base: 'EUR', rates: { USD: 1.25 } } });
  await writeRows(lakeDir, lakeTables.rates, utcDay(api.clock.now), api.streams.rows.rates);
  const [row] = (await api.call('GET', asked)).body.rows;
  expect(row).toMatchObject({
    currency: 'EUR',
    revenue: '39.92',
    cost: '0.008',
    rpc: 0,
    money: [{ currency: 'USD', revenue: '49.90', payout: '0.00', cost: '0.01' }],
  });
});

test('what is no parameter or currency is refused; a data-driven model of the account is no fault of a request', async () => {
  const faults = async (url: string) => (await api.call('GET', url)).body.errors;
  expect(await faults('/v1/reports/performance?currency=XXX')).toEqual([expect.objectContaining({ path: 'currency' })]);
  expect(await faults('/v1/reports/clicks?currency=EUR')).toEqual([expect.objectContaining({ path: 'currency' })]);
  expect(await faults('/v1/reports/performance?model=markov')).toEqual([expect.objectContaining({ path: 'model' })]);
  await api.call('PATCH', '/v1/settings', { body: { attribution: { model: 'markov', window: '7d' } } });
  const { status, body } = await api.call('GET', `/v1/reports/performance?${RANGE}`);
  expect([status, body.rows[0]?.model]).toEqual([200, 'last']);
  const warnings = async (query: string) => (await api.call('GET', `/v1/reports/${query}`)).body.meta.warnings;
  const replaced = {
    path: 'model',
    code: 'model_replaced',
    message: expect.stringMatching(/^the account’s model markov .* last stands in for it here;/),
  };
  expect(body.meta.warnings).toEqual([replaced]);
  expect(await warnings(`compare?${RANGE}&by=message&metric=rpc`)).toEqual([replaced]);
  // Whoever names a model knows what is used; lift credits nothing; attribution knows the model.
  expect(await warnings(`performance?${RANGE}&model=last`)).toEqual([]);
  expect(await warnings('lift')).not.toContainEqual(replaced);
  expect(await warnings(`attribution?${RANGE}`)).toEqual([]);
  await api.call('PATCH', '/v1/settings', { body: { attribution: { model: 'last', window: '7d' } } });
  expect(await warnings(`performance?${RANGE}`)).toEqual([]);
});

test('lift takes window, events and end from the experiment as it is set up', async () => {
  const arms = [
    { name: 'treatment', share: 0.5 },
    { name: 'holdout', share: 0.5 },
  ];
  const lift = async () => (await api.call('GET', '/v1/reports/lift')).body.rows;
  expect((await lift())[1]).toMatchObject({ arm: 'treatment', assigned: 1, converters: 1, srm_p: null, interim: true });
  const set = { scope: 'account', arms, window: '2d', ends_at: '2026-06-16T00:00:00Z' };
  await api.call('PUT', '/v1/experiments/e1', { body: set });
  expect((await lift())[1]).toMatchObject({ converters: 1, rate: 1, diff: 1, srm_p: 1, interim: false });
  await api.call('PATCH', '/v1/experiments/e1', { body: { window: '1d' } });
  expect((await lift())[1]).toMatchObject({ converters: 0 });
  await api.call('PATCH', '/v1/experiments/e1', { body: { window: '2d', outcome_events: ['lead'] } });
  expect((await lift())[1]).toMatchObject({ converters: 0, revenue_per_subscriber: '49.90' });
});

test('compare wants a metric and dimensions, and takes the clock that both sides of the metric run on', async () => {
  const call = (query: string) => api.call('GET', `/v1/reports/compare?${RANGE}&${query}`);
  expect((await call('metric=luck')).body.errors).toEqual([
    expect.objectContaining({ path: 'metric' }),
    expect.objectContaining({ path: 'by' }),
  ]);
  expect((await call('by=creative&metric=rpm&basis=click')).body.errors).toEqual([
    expect.objectContaining({ path: 'basis' }),
  ]);
  expect((await call('by=message&metric=rpm')).body).toMatchObject({
    rows: [],
    meta: { basis: 'send', currency: 'USD' },
  });
  expect((await call('by=message&metric=rpc')).body.meta.basis).toBe('click');
});

test('sources tell what came, and when last', async () => {
  const { body } = await api.call('GET', `/v1/reports/sources?by=source&${RANGE}`);
  expect(body.rows).toEqual([
    expect.objectContaining({ source: 'shop', conversions: 1, match_rate: 1, last_seen: new Date(NOW).toISOString() }),
  ]);
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';

type Api = Awaited<ReturnType<typeof startApi>>;

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.call('PATCH', '/v1/settings', { body: { time_zone: 'America/New_York' } });
});
afterAll(() => api.close());
beforeEach(() => {
  api.streams.rows.send_totals.length = 0;
});

const put = (body: object, path = 'welcome/welcome-1/2026-06-01') =>
  api.call('PUT', `/v1/sends/totals/${path}`, { body });
const faultsOf = async (body: object, path?: string) =>
  ((await put(body, path)).body.errors as { path: string }[]).map((error) => error.path);

describe('PUT /v1/sends/totals', () => {
  it('puts the totals of a day in the account’s time zone', async () => {
    const body = { creative: 'a', sent: 1_000, delivered: 950, failed: 20, opt_outs: 3, cost: '7.91', currency: 'USD' };
    expect(await put(body)).toMatchObject({
      status: 200,
      body: { ...body, segment: null, campaign_id: 'welcome', message_id: 'welcome-1', date: '2026-06-01' },
    });
    expect(api.streams.rows.send_totals).toEqual([
      {
        campaign_id: 'welcome',
        message_id: 'welcome-1',
        date: '2026-06-01',
        creative: 'a',
        segment: null,
        ts: Date.parse('2026-06-01T12:00:00-04:00'),
        recorded_at: api.clock.now,
        sent: 1_000,
        delivered: 950,
        failed: 20,
        opt_outs: 3,
        cost_micros: 7_910_000,
        currency: 'USD',
        price_kind: 'told',
      },
    ]);
  });

  it('leaves null what nobody tells, and reckons the cost by the price list', async () => {
    await put({ sent: 10 });
    await api.call('PATCH', '/v1/settings', { body: { price: { per_part: '0.008', currency: 'EUR' } } });
    await put({ sent: 10 });
    const unknown = { sent: 10, delivered: null, failed: null, opt_outs: null };
    expect(api.streams.rows.send_totals).toMatchObject([
      { ...unknown, cost_micros: null, currency: null, price_kind: null },
      { ...unknown, cost_micros: 80_000, currency: 'EUR', price_kind: 'list' },
    ]);
  });

  it('refuses what cannot be, with every fault', async () => {
    expect(await faultsOf({ sent: 5, delivered: 4, failed: 2 })).toEqual(['sent']);
    expect(await faultsOf({ sent: 1.5, delivered: -1, extra: 1 })).toEqual(['sent', 'delivered', 'extra']);
    expect(await faultsOf({ sent: 1, cost: '1' })).toEqual(['currency']);
    expect(await faultsOf({ sent: 1 }, 'welcome/a b/2026-02-30')).toEqual(['message_id', 'date']);
    expect(await faultsOf({ sent: 1 }, 'welcome/m/2026-06-01T00:00:00Z')).toEqual(['date']);
    expect((await put({ sent: 1 }, 'welcome/m')).status).toBe(404);
    expect(api.streams.rows.send_totals).toEqual([]);
  });
});

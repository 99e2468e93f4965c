import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';

type Api = Awaited<ReturnType<typeof startApi>>;

let api: Api;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.streams.rows.rates.length = 0;
});

const put = (body: unknown, date = '2026-06-01') => api.call('PUT', `/v1/rates/${date}`, { body });
const faultsOf = async (body: unknown, date?: string) =>
  ((await put(body, date)).body.errors as { path: string }[]).map((error) => error.path);

describe('PUT /v1/rates/{date}', () => {
  it('puts one row for each currency, the base among them', async () => {
    const answer = await put({ base: 'EUR', rates: { USD: 1.0834, JPY: '169.2' } });
    expect(answer).toMatchObject({
      status: 200,
      body: { date: '2026-06-01', base: 'EUR', rates: { USD: 1.0834, JPY: 169.2 } },
    });
    const row = { date: '2026-06-01', base: 'EUR', recorded_at: api.clock.now };
    expect(api.streams.rows.rates).toEqual([
      { ...row, currency: 'EUR', rate: 1 },
      { ...row, currency: 'USD', rate: 1.0834 },
      { ...row, currency: 'JPY', rate: 169.2 },
    ]);
  });

  it('refuses what are no rates, with every fault, and puts nothing', async () => {
    expect(await faultsOf({ base: 'EUR', rates: { USD: 0, XAU: 1, JPY: '1,5' } })).toEqual(
      expect.arrayContaining(['rates.USD', 'rates.XAU', 'rates.JPY']),
    );
    expect(await faultsOf({ base: 'XXX', rates: {} })).toContain('base');
    expect(await faultsOf({ base: 'EUR', rates: {} })).toEqual(['rates']);
    expect(await faultsOf({ base: 'EUR', rates: { EUR: 2 } })).toEqual(['rates.EUR']);
    expect(await faultsOf({ base: 'EUR', rates: { USD: 1 }, day: 1 })).toEqual(['day']);
    for (const date of ['2026-02-30', 'today', '2026-6-1'])
      expect(await faultsOf({ base: 'EUR', rates: { USD: 1 } }, date)).toEqual(['date']);
    expect(api.streams.rows.rates).toEqual([]);
  });

  it('wants the scope admin', async () => {
    const token = await api.newToken('manage', 'read');
    const body = { base: 'EUR', rates: { USD: 1 } };
    expect(await api.call('PUT', '/v1/rates/2026-06-01', { body, token })).toMatchObject({
      status: 403,
      body: { required_scope: 'admin' },
    });
  });
});

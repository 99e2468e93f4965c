import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';

type Api = Awaited<ReturnType<typeof startApi>>;
let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const paths = (answer: { body: { errors: { path: string }[] } }) => answer.body.errors.map(({ path }) => path).sort();

describe('settings', () => {
  it.each(['[]', 'null', '5', 'true'])('are not touched by %s', async (raw) => {
    await api.call('PATCH', '/v1/settings', { body: { time_zone: 'Asia/Tokyo' } });
    expect((await api.call('PATCH', '/v1/settings', { raw })).status).toBe(422);
    expect((await api.call('GET', '/v1/settings')).body.time_zone).toBe('Asia/Tokyo');
    await api.call('PATCH', '/v1/settings', { body: { time_zone: null } });
  });

  it('have defaults, change by merge patch and never loosen the deployment’s policy', async () => {
    expect((await api.call('GET', '/v1/settings')).body).toMatchObject({
      time_zone: 'UTC',
      currency: 'USD',
      ip_policy: 'hash',
    });
    const changed = await api.call('PATCH', '/v1/settings', {
      body: { time_zone: 'Europe/Berlin', ip_policy: 'truncate' },
    });
    expect(changed.body).toMatchObject({ time_zone: 'Europe/Berlin', ip_policy: 'truncate', currency: 'USD' });
    expect((await api.call('PATCH', '/v1/settings', { body: { time_zone: null } })).body.time_zone).toBe('UTC');
    expect(await api.call('PATCH', '/v1/settings', { body: { ip_policy: 'full' } })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'ip_policy' }] },
    });
    expect(paths(await api.call('PATCH', '/v1/settings', { body: { time_zone: 'Mars', currency: 'usd' } }))).toEqual([
      'currency',
      'time_zone',
    ]);
  });
});

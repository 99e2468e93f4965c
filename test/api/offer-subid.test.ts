import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linksKey } from '../../lambdas/contract/keys.ts';
import { startApi } from '../support/api.ts';

type Api = Awaited<ReturnType<typeof startApi>>;

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const offer = (id: string, source_id: string | null) =>
  api.call('PUT', `/v1/offers/${id}`, { body: { destination: 'https://net.example/', source_id } });
const source = (id: string, profile: string) => api.call('PUT', `/v1/sources/${id}`, { body: { profile } });
const subidOf = async (id: string) => (await api.services.linksTable.get(linksKey.offer(id)))?.subid_param ?? null;

describe('the sub-id parameter of an offer', () => {
  it('comes from the profile of its source, whichever is saved first, and follows it', async () => {
    await offer('early', 'ever-1');
    await offer('other', 'tune-1');
    expect([await subidOf('early'), await subidOf('other')]).toEqual([null, null]);
    await source('ever-1', 'everflow');
    await offer('late', 'ever-1');
    expect([await subidOf('early'), await subidOf('late'), await subidOf('other')]).toEqual(['sub1', 'sub1', null]);
    await source('ever-1', 'voluum');
    expect([await subidOf('early'), await subidOf('late')]).toEqual(['external_id', 'external_id']);
    await source('ever-1', 'shopify');
    expect([await subidOf('early'), await subidOf('late')]).toEqual([null, null]);
  });

  it('goes with the source, and stays through other changes', async () => {
    await source('ever-2', 'everflow');
    await offer('o', 'ever-2');
    await api.call('PATCH', '/v1/offers/o', { body: { status: 'paused' } });
    expect(await subidOf('o')).toBe('sub1');
    const { body } = await api.call('GET', '/v1/offers/o');
    expect((await api.call('PUT', '/v1/offers/o', { body })).status).toBe(200);
    await api.call('PATCH', '/v1/offers/o', { body: { source_id: null } });
    expect(await subidOf('o')).toBeNull();
  });
});

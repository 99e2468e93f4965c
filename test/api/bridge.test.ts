import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';
import { clickId, latest, NOW } from '../support/ledger.ts';

type Api = Awaited<ReturnType<typeof startApi>>;

let api: Api;
let slugNo = 0;

beforeAll(async () => {
  api = await startApi();
  const link = { slug: 'sale', destination: 'https://shop.example/', campaign_id: 'summer', creative: 'v2' };
  slugNo = (await api.call('POST', '/v1/links', { body: link })).body.link_no;
  await api.services.subscribers.enrol([{ id: 'ann', identities: {} }], NOW + 20_000);
});
afterAll(() => api.close());
beforeEach(() => {
  api.streams.rows.conversions.length = 0;
});

const order = (txn_id: string, fields: object) =>
  api.call('POST', '/v1/conversions', {
    body: [{ txn_id, amount: '49.90', currency: 'USD', ts: new Date(NOW).toISOString(), ...fields }],
  });
const visit = (click_id: string, email: string) =>
  api.call('POST', '/identify', { body: { click_id, email }, token: null });
const rows = () => latest(api.streams.rows.conversions);

describe('from a click to an order on another device', () => {
  it('an address told on the landing page matches orders that came before and after', async () => {
    await order('before', { email: 'Ann@Example.com' });
    expect(rows()).toMatchObject([{ match: 'none', version: 1 }]);
    const { status } = await visit(clickId(slugNo, 1), 'ann@example.com');
    expect(status).toBe(204);
    expect(rows()).toMatchObject([{ match: 'identity', version: 2, subscriber_no: 1, subscriber_id: 'ann' }]);
    await order('after', { email: 'ann@example.com' });
    expect(rows().at(-1)).toMatchObject({ txn_id: 'after', match: 'identity', subscriber_no: 1 });
  });

  it('a tap on a shared link gets the orders of the address its visitor told, until a list says whose it is', async () => {
    const tap = clickId(slugNo, 0, 5);
    await order('early', { email: 'bob@example.com' });
    await visit(tap, 'bob@example.com');
    expect(rows()).toMatchObject([
      {
        txn_id: 'early',
        match: 'identity',
        click_id: tap,
        link_no: slugNo,
        subscriber_no: null,
        campaign_id: 'summer',
        creative: 'v2',
      },
    ]);
    await api.call('POST', '/v1/identify', { body: [{ subscriber_id: 'bob', email: 'bob@example.com' }] });
    expect(rows()).toMatchObject([{ txn_id: 'early', match: 'identity', subscriber_id: 'bob' }]);
  });

  it('an address that somebody else has keeps its orders where they are', async () => {
    await api.call('POST', '/v1/identify', { body: [{ subscriber_id: 'ann', email: 'family@example.com' }] });
    await order('family', { email: 'family@example.com' });
    await visit(clickId(slugNo, 2), 'family@example.com');
    expect(rows()).toMatchObject([{ match: 'identity', version: 1, subscriber_id: 'ann' }]);
  });
});

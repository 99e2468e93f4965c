import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';

let api: Awaited<ReturnType<typeof startApi>>;
beforeAll(async () => {
  api = await startApi();
  await api.call('PUT', '/v1/sources/net', { body: { profile: 'everflow' } });
  await api.call('PUT', '/v1/sources/shop', { body: { profile: 'shopify', secret: 'shpss_0123456789' } });
  await api.call('PUT', '/v1/sources/texts', { body: { profile: 'twilio' } });
});
afterAll(() => api.close());

const test = async (id: string, body?: object) => (await api.call('POST', `/v1/sources/${id}/test`, { body })).body;

describe('POST /v1/sources/{id}/test', () => {
  it('without a sample makes one, with a click id that verifies', async () => {
    const { body, status } = await api.call('POST', '/v1/sources/net/test');
    expect(status).toBe(200);
    expect(body).toMatchObject({ source: 'net', profile: 'everflow', sample: 'made', items_total: 1, unread: [] });
    const [item] = body.items;
    expect(item).toMatchObject({
      outcome: 'conversion',
      faults: [],
      conversion: { revenue: '20.00', payout: '20.00', sale_value: '49.90', currency: 'USD', link_no: 0 },
    });
    expect(item.conversion.clicked_at).toBe(new Date(api.clock.now - 60_000).toISOString());
    expect(item.fields).toContainEqual({ parameter: 'click_id', path: 'click_id', value: item.conversion.click_id });
  });

  it('makes a small order for a shop', async () => {
    const { request, items } = await test('shop');
    expect(request).toMatchObject({ method: 'POST', headers: { 'x-shopify-topic': 'orders/create' } });
    expect(items).toMatchObject([{ outcome: 'conversion', conversion: { order_id: '9000000001', revenue: '49.90' } }]);
    expect(await test('shop', { headers: { 'X-Shopify-Topic': 'products/create' } })).toMatchObject({
      sample: 'made',
      items: [{ outcome: 'ignored', reason: 'other_topic', message: expect.stringContaining('kind of message') }],
    });
  });

  it('says which header a sample lacks, and how to give it', async () => {
    await api.call('PUT', '/v1/sources/woo', { body: { profile: 'woocommerce', secret: 'woo_0123456789' } });
    const body = { id: 5, status: 'processing', total: '3.00', currency: 'EUR' };
    const lacking = await test('woo', { body });
    expect(lacking.items[0].outcome).toBe('ignored');
    expect(lacking.items[0].message).toMatch(
      /lacks the header .* --header 'x-wc-webhook-topic: order\.(created|updated)'/,
    );
    const topic = (value: string) => test('woo', { body, headers: { 'X-WC-Webhook-Topic': value } });
    expect((await topic('order.created')).items[0].outcome).toBe('conversion');
    expect((await topic('product.created')).items[0].message).not.toContain('lacks');
  });

  it('says of a given sample what is wrong with it, and which names nothing was read from', async () => {
    const query = 'transaction_id=1&payout=%7Bpayout%7D&event_id=12&ammount=5';
    const { sample, items, unread } = await test('net', { query });
    expect(sample).toBe('given');
    expect(unread).toEqual(['ammount']);
    expect(items[0]).toMatchObject({ outcome: 'quarantined', conversion: null });
    expect(items[0].faults).toEqual(
      expect.arrayContaining([
        { code: 'macro_unexpanded', parameter: 'payout', message: expect.stringMatching(/^payout still holds/) },
        { code: 'unknown_event', parameter: 'event', message: expect.stringContaining('Map it') },
        { code: 'no_click_id', parameter: 'click_id', message: expect.any(String) },
      ]),
    );
  });

  it('says of a click that was too old what that means, since the ledger is not asked', async () => {
    await api.call('PUT', '/v1/sources/aged', { body: { profile: 'everflow', max_click_age: '30d' } });
    const click_id = (await test('aged')).items[0].conversion.click_id;
    const query = `click_id=${click_id}&transaction_id=1&payout=5`;
    api.clock.now += 31 * 86_400_000;
    const { items } = await test('aged', { query });
    api.clock.now -= 31 * 86_400_000;
    expect(items).toMatchObject([{ outcome: 'conversion', faults: [], conversion: { click_too_old: true } }]);
    expect(items[0].notes).toEqual([
      { code: 'click_too_old', parameter: 'click_id', message: expect.stringMatching(/new conversion is not counted/) },
    ]);
  });

  it('takes a body as text, as a form or as JSON', async () => {
    await api.call('PUT', '/v1/sources/own', { body: { profile: 'generic' } });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const sample of [
      { body: 'order_id=A&amount=5', headers: form },
      { body: '{"order_id":"A","amount":5}' },
      { body: { order_id: 'A', amount: 5 } },
      { body: [{ order_id: 'A', amount: 5 }] },
    ])
      expect((await test('own', sample)).items).toMatchObject([
        { outcome: 'conversion', conversion: { order_id: 'A', revenue: '5.00', unmatched_reason: 'no_click_id' } },
      ]);
    expect((await test('own', { body: 'not a form' })).items).toMatchObject([
      { faults: [{ code: 'body_unreadable' }] },
    ]);
  });

  it('reads no query beside a body where the source signs, and says so', async () => {
    await api.call('PUT', '/v1/sources/signing', { body: { profile: 'generic', secret: 'whsec_0123456789' } });
    const sample = { query: 'order_id=B&amount=900&event=lead', body: { order_id: 'A', amount: 5 } };
    const { items, unread } = await test('signing', sample);
    expect(items).toMatchObject([
      { outcome: 'conversion', conversion: { order_id: 'A', revenue: '5.00', event: 'sale' } },
    ]);
    expect(unread).toEqual(['order_id', 'amount', 'event']);
    expect((await test('signing', { query: sample.query })).items[0].conversion.order_id).toBe('B');
  });

  it('reads with the source as it is this moment, also while it is paused', async () => {
    await api.call('PATCH', '/v1/sources/net', { body: { events: { '12': 'lead' }, status: 'paused' } });
    const { status, items } = await test('net', { query: 'sub1=x&event_id=12&transaction_id=1' });
    expect(status).toBe('paused');
    expect(items[0].faults.map(({ code }: { code: string }) => code)).toEqual(['click_id_malformed']);
    await api.call('PATCH', '/v1/sources/net', { body: { status: 'active' } });
  });

  it('stores nothing, counts nothing and tells the log nothing', async () => {
    for (const body of [{}, { query: 'transaction_id=1&email=someone@example.com' }]) await test('net', body);
    expect(api.streams.rows.conversions).toEqual([]);
    expect((await api.call('GET', '/v1/sources/net/events')).body.events).toEqual([]);
    expect((await api.call('GET', '/v1/quarantine')).body.quarantine).toEqual([]);
    expect(JSON.stringify(api.log)).not.toContain('someone@');
  });

  it('is for admins, for sources that exist and report conversions', async () => {
    const reader = await api.newToken('read');
    expect((await api.call('POST', '/v1/sources/net/test', { token: reader })).status).toBe(403);
    expect((await api.call('POST', '/v1/sources/none/test')).status).toBe(404);
    expect((await api.call('POST', '/v1/sources/texts/test')).body).toMatchObject({
      status: 409,
      code: 'reports_no_conversions',
    });
    const { errors } = (await api.call('POST', '/v1/sources/net/test', { body: { query: 1, more: 2 } })).body;
    expect(errors.map(({ path }: { path: string }) => path).sort()).toEqual(['more', 'query']);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ledgerKey, linksKey, subscriberSlot } from '../../lambdas/contract/keys.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { mintCode } from '../../lambdas/core/personal-code.ts';
import { EDGE_SECRET, startApi } from '../support/api.ts';

type Api = Awaited<ReturnType<typeof startApi>>;

let api: Api;
const links: Record<string, number> = {};
const NOW = Date.parse('2026-06-01T12:00:00Z');
const [key] = parseKeyring(EDGE_SECRET).newestFirst;

beforeAll(async () => {
  api = await startApi();
  const personal = { personal: true, destination: 'https://shop.example/', campaign_id: 'welcome' };
  await api.call('PUT', '/v1/campaigns/welcome', { body: {} });
  for (const [name, fields] of Object.entries({
    a1: { message_id: 'welcome-1', creative: 'a', segment: 'vip' },
    b1: { message_id: 'welcome-1', creative: 'b', segment: 'vip' },
    a2: { message_id: 'welcome-2', creative: 'a' },
  }))
    links[name] = (await api.call('POST', '/v1/links', { body: { ...personal, ...fields } })).body.link_no;
  await api.services.linksTable.update(linksKey.link(no('a1')), {
    set: { minted: { code_key: 1, subscriber_max: 300 } },
  });
  const { page, attribute } = subscriberSlot(290);
  await api.services.ledgerTable.update(ledgerKey.subscriberPage(page), { set: { [attribute]: 'ann' } });
  await api.services.ledgerTable.update(ledgerKey.subscriber('ann'), { set: { no: 290 } });
});
afterAll(() => api.close());
beforeEach(() => {
  api.streams.rows.sends.length = 0;
});

const no = (name: string) => links[name] as number;
const codeOf = (subscriberNo: number, link = 'a1') => (key ? mintCode({ linkNo: no(link), subscriberNo }, key) : '');
const ts = '2026-06-01T11:59:00.000Z';
const post = (items: unknown[], options = {}) => api.call('POST', '/v1/sends', { body: items, ...options });
const statuses = async (items: unknown[]) =>
  (await post(items)).body.results.map(({ status }: { status: string }) => status);

describe('POST /v1/sends', () => {
  it('resolves a code to link and subscriber', async () => {
    const { status, body } = await post([{ id: 'SM1', type: 'sent', ts, code: codeOf(290), parts: 2 }]);
    expect([status, body]).toEqual([200, { results: [{ index: 0, status: 'accepted', id: 'SM1', errors: [] }] }]);
    expect(api.streams.rows.sends).toEqual([
      {
        id: 'SM1',
        type: 'sent',
        ts: Date.parse(ts),
        received_at: NOW,
        requested_at: null,
        is_final: null,
        campaign_id: 'welcome',
        message_id: 'welcome-1',
        creative: 'a',
        segment: 'vip',
        link_no: no('a1'),
        subscriber_no: 290,
        subscriber_id: 'ann',
        provider: 'api',
        detail: null,
        parts: 2,
        encoding: null,
        price_micros: null,
        currency: null,
        price_kind: null,
        country: null,
        carrier: null,
      },
    ]);
  });

  it('resolves link and subscriber, slug links too, and subscribers nobody minted', async () => {
    const slug = await api.call('POST', '/v1/links', { body: { slug: 'sale', destination: 'https://shop.example/' } });
    await post([
      { id: '1', type: 'sent', ts, link_no: no('a2'), subscriber_id: 'ann' },
      { id: '2', type: 'sent', ts, link_no: slug.body.link_no, subscriber_id: 'unheard of' },
    ]);
    expect(api.streams.rows.sends).toMatchObject([
      { link_no: no('a2'), message_id: 'welcome-2', subscriber_no: 290, subscriber_id: 'ann' },
      { link_no: slug.body.link_no, campaign_id: null, subscriber_no: null, subscriber_id: 'unheard of' },
    ]);
  });

  it('resolves a message to what all its links share, and to one link where only one is meant', async () => {
    const item = { type: 'sent', ts, subscriber_id: 'ann' };
    await post([
      { ...item, id: '1', message_id: 'welcome-1' },
      { ...item, id: '2', message_id: 'welcome-1', creative: 'b' },
      { ...item, id: '3', message_id: 'welcome-2' },
      { ...item, id: '4', message_id: 'no-link-carries-it' },
    ]);
    expect(api.streams.rows.sends).toMatchObject([
      { campaign_id: 'welcome', message_id: 'welcome-1', creative: null, segment: 'vip', link_no: null },
      { campaign_id: 'welcome', creative: 'b', segment: 'vip', link_no: no('b1') },
      { campaign_id: 'welcome', creative: 'a', segment: null, link_no: no('a2') },
      { campaign_id: null, message_id: 'no-link-carries-it', link_no: null },
    ]);
  });

  it('asks which campaign is meant where two have the message, and forgets a link that carries another now', async () => {
    const other = {
      personal: true,
      destination: 'https://shop.example/',
      campaign_id: 'other',
      message_id: 'welcome-2',
    };
    const { body } = await api.call('POST', '/v1/links', { body: other });
    const item = { id: '1', type: 'sent', ts, message_id: 'welcome-2', subscriber_id: 'ann' };
    const [refused] = (await post([item])).body.results;
    expect(refused).toMatchObject({ status: 'rejected', errors: [{ path: 'campaign_id', code: 'ambiguous' }] });
    expect(await statuses([{ ...item, campaign_id: 'other' }])).toEqual(['accepted']);
    await api.call('PATCH', `/v1/links/${body.link_no}`, { body: { message_id: 'other-1' } });
    expect(await statuses([item])).toEqual(['accepted']);
    await post([{ ...item, id: '2', message_id: 'other-1' }]);
    expect(api.streams.rows.sends.at(-1)).toMatchObject({ campaign_id: 'other', link_no: body.link_no });
  });

  it('lets one bad item stand beside good ones, each with its faults', async () => {
    const good = { id: 'ok', type: 'sent', ts, code: codeOf(290) };
    const { body } = await post([
      { ...good, id: '' },
      good,
      { ...good, id: 'a', code: 'AAAAAAAAA' },
      { ...good, id: 'b', code: codeOf(301) },
      { ...good, id: 'c', code: codeOf(290, 'a2') },
      { ...good, id: 'd', link_no: 1 },
      { id: 'e', type: 'sent', ts, link_no: 999_999, subscriber_id: 'ann' },
      { ...good, id: 'f', price: '1.5' },
      { ...good, id: 'g', ts: '2026-06-03T00:00:00Z' },
      { ...good, id: 'h', nonsense: 1, type: 'read' },
      'text',
      { ...good, id: 'i', price: '1.5', currency: 'ZZZ' },
      { id: 'j', type: 'sent', ts, subscriber_id: 'ann' },
    ]);
    const told = body.results.map(
      ({ status, id, errors }: { status: string; id: string; errors: { path: string }[] }) => [
        id,
        status,
        ...errors.map(({ path }) => path),
      ],
    );
    expect(told).toEqual([
      ['', 'rejected', 'id'],
      ['ok', 'accepted'],
      ['a', 'rejected', 'code'],
      ['b', 'rejected', 'code'],
      ['c', 'rejected', 'code'],
      ['d', 'rejected', 'code'],
      ['e', 'rejected', 'link_no'],
      ['f', 'rejected', 'currency'],
      ['g', 'rejected', 'ts'],
      ['h', 'rejected', 'type', 'nonsense'],
      [null, 'rejected', ''],
      ['i', 'rejected', 'currency'],
      ['j', 'rejected', 'code'],
    ]);
    expect(api.streams.rows.sends.map(({ id }) => id)).toEqual(['ok']);
  });

  it('calls the second of two items with the same id and type a duplicate, and keeps the first', async () => {
    const item = { id: 'SM1', ts, code: codeOf(290) };
    expect(
      await statuses([
        { ...item, type: 'sent', parts: 1 },
        { ...item, type: 'delivered' },
        { ...item, type: 'sent', parts: 2 },
      ]),
    ).toEqual(['accepted', 'accepted', 'duplicate']);
    expect(api.streams.rows.sends.map(({ type, parts }) => [type, parts])).toEqual([
      ['sent', 1],
      ['delivered', null],
    ]);
  });

  it('lets a person opt out without naming a message', async () => {
    expect(await statuses([{ id: 'stop-1', type: 'opt_out', ts, subscriber_id: 'ann' }])).toEqual(['accepted']);
    expect(api.streams.rows.sends).toMatchObject([{ campaign_id: null, link_no: null, subscriber_no: 290 }]);
  });

  it('takes the provider’s price, else the price per part of campaign or account', async () => {
    const prices = async () => {
      api.streams.rows.sends.length = 0;
      const item = { ts, link_no: no('a1'), subscriber_id: 'ann' };
      await post([
        { ...item, id: '1', type: 'sent', parts: 2 },
        { ...item, id: '2', type: 'sent', parts: 2, price: '0.0158', currency: 'EUR' },
        { ...item, id: '3', type: 'delivered' },
        { ...item, id: '4', type: 'failed' },
      ]);
      return api.streams.rows.sends.map(({ price_micros, currency, price_kind }) => [
        price_micros,
        currency,
        price_kind,
      ]);
    };
    const told = [15_800, 'EUR', 'told'];
    const none = [null, null, null];
    expect(await prices()).toEqual([none, told, none, none]);
    await api.call('PATCH', '/v1/settings', { body: { price: { per_part: '0.01', currency: 'USD' } } });
    expect(await prices()).toEqual([[20_000, 'USD', 'list'], told, [10_000, 'USD', 'list'], none]);
    const price = { per_part: '0.03', currency: 'GBP' };
    await api.call('PATCH', '/v1/campaigns/welcome', { body: { price } });
    expect(await prices()).toEqual([[60_000, 'GBP', 'list'], told, [30_000, 'GBP', 'list'], none]);
    await api.call('PATCH', '/v1/campaigns/welcome', { body: { price: null } });
    await api.call('PATCH', '/v1/settings', { body: { price: null } });
  });

  it('names the limit, the scope and the shape', async () => {
    const many = await post(Array.from({ length: 1_001 }, () => ({})));
    expect([many.status, many.body.limit_items]).toEqual([413, 1_000]);
    expect((await post([], { token: await api.newToken('read') })).status).toBe(403);
    expect((await api.call('POST', '/v1/sends', { body: {} })).status).toBe(422);
    expect((await post([])).body).toEqual({ results: [] });
  });

  it('runs again for the same Idempotency-Key and refuses another body under it', async () => {
    const headers = { 'idempotency-key': 'batch-1' };
    const item = { id: 'SM1', type: 'sent', ts, code: codeOf(290) };
    const first = await post([item], { headers });
    expect((await post([item], { headers })).body).toEqual(first.body);
    expect((await post([{ ...item, id: 'SM2' }], { headers })).status).toBe(422);
  });
});

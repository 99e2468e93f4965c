import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ledgerKey } from '../../lambdas/contract/keys.ts';
import { sourceInput } from '../../lambdas/core/entities/source.ts';
import { startApi } from '../support/api.ts';
import { clickId, latest } from '../support/ledger.ts';

type Api = Awaited<ReturnType<typeof startApi>>;

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await addSource('net', { profile: 'everflow', currency: 'EUR' });
  await addSource('paused', { profile: 'generic', status: 'paused' });
  await api.services.subscribers.enrol([{ id: 'ann', identities: {} }], api.clock.now + 20_000);
});
afterAll(() => api.close());
beforeEach(() => {
  api.streams.rows.conversions.length = 0;
  api.streams.rows.postbacks.length = 0;
});

const addSource = (id: string, source: Record<string, unknown>) =>
  api.services.ledgerTable.put({ pk: ledgerKey.source(id), doc: { id, ...sourceInput.parse(source) } });
const post = (items: unknown[], options = {}) => api.call('POST', '/v1/conversions', { body: items, ...options });
const results = async (items: unknown[]) => (await post(items)).body.results;
const rows = () => latest(api.streams.rows.conversions);

describe('POST /v1/conversions', () => {
  it('believes the item further down of two about one order, as a list corrects itself', async () => {
    const item = (order_id: string, amount: string) => ({ order_id, amount, currency: 'USD' });
    const pairs = Array.from({ length: 10 }, (_, at) => [item(`twice-${at}`, '50'), item(`twice-${at}`, `${at + 1}`)]);
    await post(pairs.flat());
    const nets = Map.groupBy(rows(), ({ order_id }) => order_id);
    for (let at = 0; at < 10; at++)
      expect(nets.get(`twice-${at}`)?.reduce((sum, { revenue_minor }) => sum + (revenue_minor ?? 0), 0)).toBe(
        (at + 1) * 100,
      );
  });

  it('enters what it is told before it answers, as own conversions in the account’s currency', async () => {
    const item = { order_id: 'A-1', amount: '49.90', subscriber_id: 'ann', product: 'shoes', quantity: 2 };
    const { status, body } = await post([item]);
    expect([status, body.results]).toEqual([
      200,
      [{ index: 0, status: 'accepted', id: expect.stringMatching(/^cv_/), errors: [] }],
    ]);
    expect(rows()).toMatchObject([
      {
        ...{ source_id: 'api', source_kind: 'own', origin: 'api', revenue_minor: 4990, currency: 'USD' },
        ...{
          match: 'identity',
          subscriber_id: 'ann',
          product: 'shoes',
          quantity: 2,
          conversion_id: body.results[0].id,
        },
      },
    ]);
    expect(api.streams.rows.postbacks).toMatchObject([{ source_id: 'api', method: 'POST', id: rows()[0]?.raw_ref }]);
  });

  it('refuses what no archive takes, and that item alone', async () => {
    const found = await results([
      { order_id: 'L-1', amount: '5', product: 'x'.repeat(4_001) },
      { order_id: 'L-2', amount: '5', product: 'x'.repeat(4_000) },
    ]);
    expect(found.map(({ status }: { status: string }) => status)).toEqual(['rejected', 'accepted']);
    expect(found[0].errors).toMatchObject([{ path: 'product' }]);
    expect(rows().map(({ order_id, product }) => [order_id, product])).toEqual([['L-2', null]]);
  });

  it('tells item by item what became of it, and lets no bad one refuse the others', async () => {
    const found = await results([
      { order_id: 'B-1', amount: '5' },
      { order_id: 'B-1', amount: '5' },
      { order_id: 'B-1', amount: '6' },
      { order_id: 'B-1', amount: '1', event: 'refund', refund_id: 'r' },
      { order_id: 'B-2', amount: 'lots', ts: 'yesterday' },
      { order_id: 'B-3', amount: '5', colour: 'red' },
      { order_id: ['B-4'], amount: '5' },
      'text',
      { source: 'nobody', order_id: 'B-5', amount: '5' },
      { source: 'paused', order_id: 'B-6', amount: '5' },
      { source: 'net', txn_id: 'B-7', payout: '5' },
      { source: 'net', txn_id: 'B-8', payout: '5', click_id: clickId(7, 1) },
    ]);
    expect(
      found.map(({ status, errors }: never) => [status, ...(errors as { code: string }[]).map(({ code }) => code)]),
    ).toEqual([
      ['accepted'],
      ['duplicate'],
      ['accepted'],
      ['accepted'],
      ['rejected', 'bad_amount', 'bad_time'],
      ['rejected', 'unknown_field'],
      ['rejected', 'invalid_union'],
      ['rejected', 'invalid_type'],
      ['rejected', 'no_such_source'],
      ['rejected', 'source_paused'],
      ['rejected', 'no_click_id'],
      ['accepted'],
    ]);
    expect(rows().reduce((sum, { revenue_minor }) => sum + (revenue_minor ?? 0), 0)).toBe(500 + 500);
    expect((await api.call('GET', '/v1/quarantine')).body.quarantine).toEqual([]);
    const messages = JSON.stringify(found.flatMap(({ errors }: { errors: unknown[] }) => errors));
    expect(messages).toContain('resume <source>, then send it again.');
    expect(messages).not.toContain('replay');
  });

  it('answers the same to the same Idempotency-Key, and counts once', async () => {
    const items = [{ order_id: 'C-1', amount: '5' }];
    const headers = { 'idempotency-key': 'k-1' };
    const first = await post(items, { headers });
    expect((await post(items, { headers })).body).toEqual(first.body);
    expect((await post(items)).body.results).toMatchObject([{ status: 'duplicate', id: first.body.results[0].id }]);
    expect(rows()).toHaveLength(1);
  });

  it('needs the scope, and takes 1,000 items at most', async () => {
    expect((await post([], { token: await api.newToken('read') })).body.required_scope).toBe('convert');
    expect((await post(Array.from({ length: 1_001 }, () => ({})))).status).toBe(413);
  });

  it('takes a thousand at once', async () => {
    const found = await results(Array.from({ length: 1_000 }, (_, at) => ({ order_id: `D-${at}`, amount: '1' })));
    expect(found.filter(({ status }: { status: string }) => status === 'accepted')).toHaveLength(1_000);
    expect(rows()).toHaveLength(1_000);
  }, 120_000);
});

describe('GET /v1/sources/{id}/events', () => {
  it('lists what became of each item, the newest first, page by page', async () => {
    api.clock.now += 60_000;
    for (const amount of ['1', '1', '2', 'x']) {
      api.clock.now += 1;
      await post([{ source: 'net', txn_id: 'E', payout: amount, click_id: clickId(7, 1) }]);
    }
    const page = async (query: string) => (await api.call('GET', `/v1/sources/net/events?${query}`)).body;
    const first = await page('limit=3');
    expect(first.events.map(({ outcome, reason }: never) => [outcome, reason])).toEqual([
      ['rejected', 'bad_amount'],
      ['adjusted', 'amount_changed'],
      ['duplicate', 'repeat'],
    ]);
    expect(first.events[1]).toMatchObject({ event: 'sale', txn_id: 'E', order_id: null });
    expect(first.events[0]).toMatchObject({
      ...{ event: null, txn_id: null },
      source_id: 'net',
      parameter: 'payout',
      message: 'payout is no amount. Check which value the sender puts there.',
    });
    const second = await page(`limit=3&cursor=${first.next_cursor}`);
    expect(second.events[0]).toMatchObject({ outcome: 'accepted', reason: null, message: null });
    expect(second.next_cursor).toBeNull();
    const told = async (query: string) =>
      (await page(query)).events.map(({ outcome, reason }: never) => `${outcome} ${reason}`);
    expect(await told('outcome=rejected&reason=bad_amount')).toEqual(['rejected bad_amount']);
    expect(await told('reason=repeat')).toEqual(['duplicate repeat']);
    expect(await told('outcome=accepted&reason=repeat')).toEqual([]);
    expect((await page('outcome=adjusted&limit=2')).next_cursor).toBeNull();
    const wrong = await api.call('GET', '/v1/sources/net/events?outcome=acepted&reason=x');
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: 'outcome' }, { path: 'reason' }] } });
    expect((await api.call('GET', '/v1/sources/none/events')).status).toBe(404);
    expect((await api.call('GET', '/v1/sources/net/events?cursor=x')).status).toBe(400);
  });

  it('finds the few that fit a filter, however many lie between, each once', async () => {
    const event = (at: number) => ({
      ...{ id: `m${String(at).padStart(5, '0')}_0`, source_id: 'net', received_at: api.clock.now - 20_000 + at },
      ...{ outcome: at % 2_000 === 0 ? ('quarantined' as const) : ('accepted' as const), reason: null },
      ...{ parameter: null, conversion_id: null, duplicate_of: null },
    });
    await api.services.ledger.events.put(Array.from({ length: 12_001 }, (_, at) => event(at)));
    const ids: string[] = [];
    let cursor = '';
    do {
      const { body } = await api.call('GET', `/v1/sources/net/events?outcome=quarantined&limit=3${cursor}`);
      ids.push(...body.events.map(({ id }: never) => id));
      cursor = body.next_cursor && `&cursor=${body.next_cursor}`;
    } while (cursor);
    expect(ids).toEqual([12, 10, 8, 6, 4, 2, 0].map((thousand) => `m${String(thousand * 1_000).padStart(5, '0')}_0`));
  }, 120_000);
});

import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { processMessages } from '../../lambdas/adapters/attribution/process.ts';
import { ledgerKey } from '../../lambdas/contract/keys.ts';
import { sourceInput } from '../../lambdas/core/entities/source.ts';
import type { StoredMessage } from '../../lambdas/core/postback/stored-message.ts';
import { createSweep } from '../../lambdas/sweep/handler.ts';
import { startApi } from '../support/api.ts';
import { clickId, latest, messageTo, NOW } from '../support/ledger.ts';

type Api = Awaited<ReturnType<typeof startApi>>;

vi.setConfig({ testTimeout: 120_000 });

let api: Api;
beforeEach(async () => {
  api = await startApi();
  await configure('net', { profile: 'everflow' });
  await configure('shop', { profile: 'generic' });
});
afterEach(() => api.close());

// the clock stands: what was remembered of a source before stays remembered
const configure = (id: string, source: Record<string, unknown>) =>
  api.services.ledgerTable.put({
    ...{ pk: ledgerKey.source(id), kind: 'source', sort: id, rev: 1 },
    doc: { id, ...sourceInput.parse(source) },
  });
const deliver = (...messages: StoredMessage[]) => processMessages(messages, api.services.ledger);
const get = async (path: string) => (await api.call('GET', path)).body;
const post = async (path: string, body?: unknown) =>
  (await api.call('POST', path, body === undefined ? {} : { body })).body;
const net = () =>
  latest(api.streams.rows.conversions).reduce((sum, { revenue_minor }) => sum + (revenue_minor ?? 0), 0);

const deposit = (id: string, at = 0) =>
  messageTo('net', {
    id,
    query: `click_id=${clickId(7, 42)}&txn_id=${id}&payout=5&event=Deposit&email=ann@example.com&phone=%2B4915112345678`,
    received_at: NOW + at,
  });

describe('quarantine', () => {
  it('lists messages with their reasons, by source and reason, page by page', async () => {
    await deliver(
      deposit('q1'),
      deposit('q2', 1),
      messageTo('shop', { id: 'q3', query: 'amount=5', received_at: NOW + 2 }),
    );
    const ids = async (query: string) => (await get(`/v1/quarantine?${query}`)).quarantine.map(({ id }: never) => id);
    expect(await ids('')).toEqual(['q1', 'q2', 'q3']);
    expect(await ids('source=shop')).toEqual(['q3']);
    expect(await ids('reason=unknown_event')).toEqual(['q1', 'q2']);
    const page = await get('/v1/quarantine?limit=2');
    expect(page.quarantine[0]).toEqual({
      ...{ id: 'q1', source_id: 'net', received_at: '2026-06-01T12:00:00.000Z', reasons: ['unknown_event'] },
      ...{ quarantined_at: expect.any(String), items: 1, replays: 0 },
    });
    expect((await get(`/v1/quarantine?limit=2&cursor=${page.next_cursor}`)).quarantine).toMatchObject([{ id: 'q3' }]);
  });

  it('dismisses for good what cannot be mended, says by whom, and counts it only where it is readable after all', async () => {
    const convert = await api.newToken('convert');
    await deliver(deposit('q1'), deposit('q2'));
    expect((await api.call('DELETE', '/v1/quarantine/q1', { token: await api.newToken('read') })).status).toBe(403);
    for (let turn = 0; turn < 2; turn++) {
      const answer = await api.call('DELETE', '/v1/quarantine/q1', { token: convert });
      const dismissed = { id: 'q1', dismissed_at: expect.any(String), dismissed_by: expect.any(String) };
      expect([answer.status, answer.body]).toEqual([200, expect.objectContaining(dismissed)]);
    }
    // the queue delivers it again
    await deliver(deposit('q1'));
    expect((await get('/v1/quarantine')).quarantine).toMatchObject([{ id: 'q2' }]);
    expect((await get('/v1/quarantine/q1')).dismissed_at).toEqual(expect.any(String));
    const { events } = await get('/v1/sources/net/events');
    expect(events).toContainEqual(
      expect.objectContaining({ id: 'q1_0.0.0', outcome: 'rejected', reason: 'dismissed', parameter: null }),
    );
    expect(await post('/v1/quarantine/q1/replay')).toMatchObject({ status: 'quarantined' });
    await configure('net', { profile: 'everflow', events: { deposit: 'lead' } });
    expect(await post('/v1/quarantine/replay', {})).toMatchObject({ replayed: 1, quarantined: 0 });
    expect(net()).toBe(500);
    expect(await post('/v1/quarantine/q1/replay')).toMatchObject({ status: 'replayed' });
    expect(net()).toBe(1_000);
    expect((await api.call('DELETE', '/v1/quarantine/q1')).status).toBe(404);
  });

  it('dismisses nothing that waits for its sale', async () => {
    await deliver(messageTo('shop', { id: 'early', query: 'order_id=A&event=refund&amount=5' }));
    const answer = await api.call('DELETE', '/v1/quarantine/early');
    expect([answer.status, answer.body.code]).toEqual([409, 'awaiting_sale']);
  });

  it('refuses a filter that fits nothing, and says what there is', async () => {
    const slips = { source: 'kiet', reason: 'nosuch' };
    const listed = await api.call('GET', `/v1/quarantine?${new URLSearchParams(slips)}`);
    const replayed = await api.call('POST', '/v1/quarantine/replay', { body: slips });
    for (const { status, body } of [listed, replayed]) {
      expect(status).toBe(422);
      expect(body.errors).toMatchObject([
        { path: 'source', message: expect.stringContaining('there is no source kiet; there are api, net, shop') },
        { path: 'reason', message: expect.stringMatching(/nosuch is no reason; there are .*unknown_event/) },
      ]);
    }
    expect((await api.call('GET', '/v1/quarantine?source=api&reason=unknown_event')).status).toBe(200);
  });

  it('shows what came, what is wrong and how it would be read now, but nobody’s address', async () => {
    await deliver(deposit('q1'));
    const one = await get('/v1/quarantine/q1');
    expect(one.faults[0].faults).toEqual([
      { code: 'unknown_event', parameter: 'event', message: expect.stringMatching(/^The event’s name is not known/) },
    ]);
    expect(one.raw.query).toContain('payout=5&event=Deposit&email=***&phone=***');
    expect(JSON.stringify(one)).not.toMatch(/ann@example|4915112345678/);
    expect(one.now).toMatchObject([{ outcome: 'quarantined', fields: expect.any(Array) }]);
    await configure('net', { profile: 'everflow', events: { deposit: 'sale' } });
    expect((await get('/v1/quarantine/q1')).now).toMatchObject([{ outcome: 'conversion', faults: [] }]);
    expect((await api.call('GET', '/v1/quarantine/none')).status).toBe(404);
  });

  it('replays one message once its source is mended, and counts it once', async () => {
    await deliver(deposit('q1'));
    expect(await post('/v1/quarantine/q1/replay')).toMatchObject({ status: 'quarantined', reasons: ['unknown_event'] });
    expect(await get('/v1/quarantine/q1')).toMatchObject({ replays: 1 });
    await configure('net', { profile: 'everflow', events: { deposit: 'sale' } });
    expect(await post('/v1/quarantine/q1/replay')).toMatchObject({
      status: 'replayed',
      items: [{ outcome: 'accepted', reason: null }],
    });
    expect((await api.call('POST', '/v1/quarantine/q1/replay')).status).toBe(404);
    await deliver(deposit('q1'));
    expect(net()).toBe(500);
    expect(await get('/v1/sources/net/events')).toMatchObject({ events: [{ outcome: 'accepted' }] });
  });

  it('shows why a message that reads well is not counted: its click was too old', async () => {
    await configure('net', { profile: 'everflow', max_click_age: '30d' });
    await deliver(deposit('old', 40 * 86_400_000));
    await configure('net', { profile: 'everflow', max_click_age: '30d', events: { deposit: 'sale' } });
    expect((await get('/v1/quarantine/old')).now).toMatchObject([
      { outcome: 'conversion', faults: [], notes: [{ code: 'click_too_old', parameter: 'click_id' }] },
    ]);
    expect(await post('/v1/quarantine/old/replay')).toMatchObject({
      status: 'quarantined',
      reasons: ['click_too_old'],
    });
    await configure('net', { profile: 'everflow', max_click_age: null, events: { deposit: 'sale' } });
    expect((await get('/v1/quarantine/old')).now).toMatchObject([{ outcome: 'conversion', notes: [] }]);
    expect(await post('/v1/quarantine/old/replay')).toMatchObject({ status: 'replayed' });
  });

  it('reads by source and currency as they are now, while what arrives goes by what is remembered', async () => {
    await api.call('PUT', '/v1/sources/other', { body: { profile: 'everflow' } });
    const other = (id: string) => ({ ...deposit(id), source_id: 'other' });
    await deliver(other('q1'), other('q2'), other('q3'));
    await api.call('PUT', '/v1/sources/other', { body: { profile: 'everflow', events: { deposit: 'lead' } } });
    await api.call('PATCH', '/v1/settings', { body: { currency: 'EUR' } });
    await deliver(other('q4'));
    expect((await get('/v1/quarantine/q1')).now).toMatchObject([{ outcome: 'conversion' }]);
    expect(await post('/v1/quarantine/q1/replay')).toMatchObject({ status: 'replayed' });
    expect(await post('/v1/quarantine/replay', {})).toMatchObject({ replayed: 3, quarantined: 0 });
    expect(latest(api.streams.rows.conversions).map(({ event, currency }) => `${event} ${currency}`)).toEqual(
      Array.from({ length: 4 }, () => 'lead EUR'),
    );
  });

  it.each(['paused', 'archived'])(
    'leaves a message where it is while its source is %s, and says so',
    async (status) => {
      await deliver(deposit('q1'));
      await configure('net', { profile: 'everflow', status });
      const why = { message: expect.stringMatching(`^The source is ${status}: .*npx onehop source resume net`) };
      const one = await post('/v1/quarantine/q1/replay');
      expect(one).toMatchObject({ status: 'failed', reasons: [`source_${status}`], ...why });
      const failed_because = [{ source_id: 'net', reason: `source_${status}`, ...why }];
      const all = await post('/v1/quarantine/replay', {});
      expect(all).toMatchObject({ replayed: 0, failed: 1, failed_because });
      expect(await get(all.run.location)).toMatchObject({ failed: 1, failed_because });
      const { now } = await get('/v1/quarantine/q1');
      expect(now).toMatchObject([
        { outcome: 'ignored', reason: `source_${status}`, message: expect.stringContaining(`is ${status}`) },
      ]);
      await configure('net', { profile: 'everflow', events: { deposit: 'sale' } });
      expect(await post('/v1/quarantine/q1/replay')).toMatchObject({ status: 'replayed' });
      expect(net()).toBe(500);
    },
  );

  it('replays all of a source as a run, at once with others, and counts each once', async () => {
    await deliver(...Array.from({ length: 30 }, (_, at) => deposit(`q${at}`, -at)));
    await deliver(messageTo('shop', { id: 'other', query: 'amount=5', received_at: NOW }));
    await configure('net', { profile: 'everflow', events: { deposit: 'sale' } });
    const { status, headers, body } = await api.call('POST', '/v1/quarantine/replay', { body: { source: 'net' } });
    expect([status, headers.location]).toEqual([202, body.run.location]);
    expect(body).toMatchObject({ run: { status: 'done' }, replayed: 30, quarantined: 0, failed: 0 });
    expect(await api.call('GET', body.run.location)).toMatchObject({ status: 200, body });
    await Promise.all([post('/v1/quarantine/replay', {}), post('/v1/quarantine/replay', {})]);
    expect(net()).toBe(30 * 500);
    expect((await get('/v1/quarantine')).quarantine).toMatchObject([{ id: 'other' }]);
    expect((await api.call('GET', '/v1/quarantine/runs/none')).status).toBe(404);
  });

  it('leaves to the sweep what a call has no time for, and goes on with the run of the same key', async () => {
    await deliver(...Array.from({ length: 60 }, (_, at) => deposit(`q${at}`, -at)));
    await configure('net', { profile: 'everflow', events: { deposit: 'sale' } });
    const put = api.streams.put.bind(api.streams);
    // Deliveries take so long that only one step of fifty fits into a call.
    api.streams.put = async (...rows) => {
      api.clock.now += 1_000;
      await put(...rows);
    };
    const headers = { 'idempotency-key': 'once' };
    const ask = () => api.call('POST', '/v1/quarantine/replay', { body: { reason: 'unknown_event' }, headers });
    const { body } = await ask();
    expect(body).toMatchObject({ run: { status: 'running' }, replayed: 50 });
    expect(await api.call('GET', body.run.location)).toMatchObject({
      status: 202,
      headers: { location: body.run.location, 'retry-after': '2' },
      body: { replayed: 50 },
    });
    expect(await createSweep(api.services.ledger.services)()).toMatchObject({ replays: 1 });
    const done = { run: { ...body.run, status: 'done' }, replayed: 60, quarantined: 0, failed: 0 };
    expect(await api.call('GET', body.run.location)).toMatchObject({ status: 200, body: done });
    expect(await ask()).toMatchObject({ status: 202, body: done });
    expect(net()).toBe(60 * 500);
    // Nothing is left of it for the next sweep.
    expect(await createSweep(api.services.ledger.services)()).toMatchObject({ replays: 0 });
  });

  it('replays once what is still wrong, and leaves alone what comes after a run began', async () => {
    await deliver(deposit('q1'), deposit('late', 3_600_000));
    const { replayed, quarantined } = await post('/v1/quarantine/replay', {});
    expect({ replayed, quarantined }).toEqual({ replayed: 0, quarantined: 1 });
    expect((await get('/v1/quarantine')).quarantine).toMatchObject([
      { id: 'q1', replays: 1 },
      { id: 'late', replays: 0 },
    ]);
  });

  it('keeps what is still wrong of a message whose other items count', async () => {
    const json = [1, 2].map((txn_id) => ({
      click_id: clickId(7, 42),
      txn_id,
      payout: 1,
      event: txn_id === 2 ? 'x' : 'sale',
    }));
    await deliver(messageTo('net', { id: 'q1', json }));
    expect(net()).toBe(100);
    await configure('net', { profile: 'everflow', events: { x: 'lead' } });
    const { items } = await post('/v1/quarantine/q1/replay');
    expect(items.map(({ outcome }: never) => outcome)).toEqual(['duplicate', 'accepted']);
    expect(net()).toBe(200);
    const { events } = await get('/v1/sources/net/events');
    expect(events.map(({ outcome }: never) => outcome)).toEqual(['accepted', 'accepted']);
  });

  it('looks past the megabyte at which the table ends a page, in lists and replays', async () => {
    const large = Array.from({ length: 60 }, (_, at) =>
      messageTo('shop', { id: `large-${at}`, body: randomBytes(90_000), received_at: NOW - 1_000 + at }),
    );
    for (const message of large) await deliver(message);
    await deliver(deposit('last'));
    expect((await get('/v1/quarantine?reason=unknown_event')).quarantine).toMatchObject([{ id: 'last' }]);
    const { quarantine } = await get('/v1/quarantine?source=shop&limit=100');
    expect(quarantine.map(({ id }: never) => id)).toEqual(large.map(({ id }) => id));
    await configure('net', { profile: 'everflow', events: { deposit: 'sale' } });
    expect(await post('/v1/quarantine/replay', { source: 'net' })).toMatchObject({
      run: { status: 'done' },
      replayed: 1,
    });
  });

  it('needs a scope that may convert, and refuses what it does not know', async () => {
    expect(
      (await api.call('POST', '/v1/quarantine/replay', { body: {}, token: await api.newToken('read') })).status,
    ).toBe(403);
    expect((await api.call('POST', '/v1/quarantine/replay', { body: { sauce: 'net' } })).status).toBe(422);
  });
});

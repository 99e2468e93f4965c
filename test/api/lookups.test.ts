import { rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { processMessages } from '../../lambdas/adapters/attribution/process.ts';
import { rematch } from '../../lambdas/adapters/attribution/rematch.ts';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import { mintClickId } from '../../lambdas/core/click-id.ts';
import { writeRows } from '../sql/lake-writer.ts';
import { enrol, startLakeApi } from '../support/lake-api.ts';
import { clickId, messageTo, NOW } from '../support/ledger.ts';

type Api = Awaited<ReturnType<typeof startLakeApi>>;

let api: Api;
let linkNo = 0;
const DAY_MS = 86_400_000;
const day = (time: number) => new Date(time).toISOString().slice(0, 10);

const clickRow = (fields: object) => ({
  outcome: 'redirected',
  code_kind: 'personal',
  actor: 'human',
  reasons: [],
  recovered: false,
  rules_version: 1,
  ...fields,
});

beforeAll(async () => {
  api = await startLakeApi();
  await enrol(api, 'ann', 1);
  await api.call('PUT', '/v1/campaigns/welcome', { body: {} });
  const link = { personal: true, destination: 'https://shop.example/', campaign_id: 'welcome', creative: 'v2' };
  linkNo = (await api.call('POST', '/v1/links', { body: link })).body.link_no;
  await api.call('PUT', '/v1/sources/shop', { body: { profile: 'generic', currency: 'USD' } });
});
afterAll(() => api.close());
beforeEach(() => {
  for (const table of ['clicks', 'touches', 'conversions'])
    rmSync(`${api.lakeDir}/${table}`, { recursive: true, force: true });
  api.streams.rows.conversions.length = 0;
});

/** Lets the ledger take a message, and puts what it emits into the lake. */
async function deliver(query: string, id: string, received_at = NOW) {
  const outcomes = await processMessages([messageTo('shop', { query, id, received_at })], api.services.ledger);
  await land();
  return outcomes;
}

async function land(dt = day(NOW)) {
  const rows = api.streams.rows.conversions.splice(0);
  if (rows.length > 0) await writeRows(api.lakeDir, lakeTables.conversions, dt, rows);
  return rows;
}

describe('GET /v1/clicks/{click_id}', () => {
  it('tells what the id says, its rows, link, person and conversions, each once', async () => {
    const id = clickId(linkNo, 1, 7);
    const row = clickRow({ click_id: id, ts: NOW - 3_600_000, link_no: linkNo, subscriber_no: 1, nonce: 7 });
    await writeRows(api.lakeDir, lakeTables.clicks, day(NOW), [
      row,
      { ...row, actor: 'bot', click_id: 'other', nonce: 8 },
    ]);
    await deliver(`click_id=${id}&txn_id=t1&amount=49.90&event=sale`, 'm1');
    await deliver('txn_id=t1&amount=9.90&event=refund&refund_id=r1', 'm2', NOW + 1_000);
    const { status, body } = await api.call('GET', `/v1/clicks/${id.toUpperCase()}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      click_id: id,
      verified: { key_id: 1, clicked_at: '2026-06-01T11:00:00.000Z', link_no: linkNo, subscriber_no: 1, nonce: 7 },
      subscriber_id: 'ann',
      link: { link_no: linkNo, creative: 'v2' },
      rows: [{ click_id: id, actor: 'human', ts: '2026-06-01T11:00:00.000Z' }],
      conversions: [
        {
          source_id: 'shop',
          event: 'sale',
          match: 'click_id',
          txn_id: 't1',
          entries: 2,
          revenue: '40.00',
          currency: 'USD',
        },
      ],
    });
    expect(body.conversions).toHaveLength(1);
    expect(body.notes).toHaveLength(1);
  });

  it('knows a tap whose row was rebuilt from logs, and says where a row is missing', async () => {
    const id = clickId(linkNo, 1, 9);
    expect((await api.call('GET', `/v1/clicks/${id}`)).body).toMatchObject({
      rows: [],
      conversions: [],
      notes: [expect.any(String), expect.stringContaining('not in the lake')],
    });
    const rebuilt = clickRow({ click_id: 'rebuilt', ts: NOW - 3_599_500, link_no: linkNo, subscriber_no: 1, nonce: 9 });
    await writeRows(api.lakeDir, lakeTables.clicks, day(NOW), [{ ...rebuilt, recovered: true }]);
    const { body } = await api.call('GET', `/v1/clicks/${id}`);
    expect(body.rows).toMatchObject([{ click_id: 'rebuilt', recovered: true }]);
    expect(body.notes.join(' ')).toContain('rebuilt from access logs for the same tap');
  });

  it('refuses ids that we did not sign', async () => {
    const unsigned = mintClickId({ time: NOW, linkNo: 1, subscriberNo: 1, nonce: 1 }, null);
    const forged = clickId(linkNo, 1).replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const codes = [];
    for (const id of ['abc', unsigned, forged]) codes.push((await api.call('GET', `/v1/clicks/${id}`)).body.code);
    expect(codes).toEqual(['click_id_malformed', 'click_id_unsigned', 'click_id_forged']);
  });
});

describe('GET /v1/conversions/{id}', () => {
  it('tells entries, keys and whom they name, touches in and out of the window, and messages', async () => {
    const named = clickId(linkNo, 1, 11);
    const base = { link_no: linkNo, subscriber_no: 1, campaign_id: 'welcome' };
    await writeRows(api.lakeDir, lakeTables.clicks, day(NOW), [
      clickRow({ ...base, click_id: named, ts: NOW - 3_600_000, nonce: 11 }),
      clickRow({ ...base, click_id: 'scanner', ts: NOW - 3_600_100, nonce: 12, actor: 'bot' }),
      clickRow({ ...base, click_id: 'other person', subscriber_no: 2, ts: NOW - 3_600_100, nonce: 13 }),
    ]);
    const touch = { kind: 'click', received_at: NOW, channel: 'email', campaign_id: 'news', subscriber_no: 1 };
    await writeRows(api.lakeDir, lakeTables.touches, day(NOW - 9 * DAY_MS), [
      { ...touch, id: 't', ts: NOW - 9 * DAY_MS },
      { ...touch, id: 't', ts: NOW - 9 * DAY_MS },
    ]);
    const outcomes = await deliver(
      `click_id=${named}&txn_id=t2&order_id=o2&amount=49.90&customer_id=c9&ts=${NOW}`,
      'm3',
    );
    await deliver('txn_id=t2&amount=9.90&event=refund&refund_id=r1', 'm4', NOW + 1_000);
    const id = conversionIn(outcomes);
    const { status, body } = await api.call('GET', `/v1/conversions/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      conversion_id: id,
      held_by: 'ledger',
      source_id: 'shop',
      status: 'approved',
      txn_id: 't2',
      version: 1,
      match: { match: 'click_id', subscriber_id: 'ann', campaign_id: 'welcome' },
      entries: [
        { entry: 'sale', revenue: '49.90', currency: 'USD', raw_ref: 'm3', in_lake: true },
        { entry: 'refund', revenue: '-9.90', raw_ref: 'm4' },
      ],
      raw_refs: ['m3', 'm4'],
    });
    expect(body.versions).toHaveLength(2);
    expect(body.match.keys).toMatchObject([
      { key: 'click_id', value: named, names: 'ann', reason: null },
      { key: 'customer', names: null },
    ]);
    expect(
      body.touches.map((found: Record<string, unknown>) => [
        found.touch_id,
        found.channel,
        found.actor,
        found.named,
        found.in_account_window,
      ]),
    ).toEqual([
      [named, 'sms', 'human', true, true],
      ['scanner', 'sms', 'bot', false, true],
      ['t', 'email', null, false, false],
    ]);
  });

  it('shows how a later identity changed the match, also when only the lake has it', async () => {
    const outcomes = await deliver(`txn_id=t3&amount=10&email=ann@example.com&ts=${NOW}`, 'm5');
    const id = conversionIn(outcomes);
    expect((await api.call('GET', `/v1/conversions/${id}`)).body.match).toMatchObject({
      match: 'none',
      unmatched_reason: 'identity_unknown',
    });
    await api.call('POST', '/v1/identify', { body: [{ subscriber_id: 'ann', email: 'ann@example.com' }] });
    const marks = (await api.call('GET', `/v1/conversions/${id}`)).body.match.keys.slice(-1);
    expect(marks).toMatchObject([{ key: 'email', names: 'ann' }]);
    await rematch([{ kind: 'email', value: marks[0].value }], api.services.ledger);
    await land(day(NOW + DAY_MS));
    api.clock.now += DAY_MS;
    const { body } = await api.call('GET', `/v1/conversions/${id}`);
    expect(body).toMatchObject({ version: 2, match: { match: 'identity', subscriber_id: 'ann' } });
    const versions = (list: Record<string, unknown>[]) => list.map(({ version, match }) => [version, match]);
    expect(versions(body.versions)).toEqual([
      [1, 'none'],
      [2, 'identity'],
    ]);
    await api.services.ledgerTable.delete(`conv#${id}`);
    expect((await api.call('GET', `/v1/conversions/${id}`)).body).toMatchObject({
      held_by: 'lake',
      version: 2,
      match: { match: 'identity', subscriber_id: 'ann' },
      entries: [{ entry: 'sale', revenue: '10.00', raw_ref: 'm5' }],
      raw_refs: ['m5'],
    });
  });

  it('says where there is none, and takes no run of another path', async () => {
    expect((await api.call('GET', '/v1/conversions/nope')).status).toBe(404);
    expect((await api.call('GET', '/v1/conversions/nope?run=x')).body.code).toBe('no_such_run');
  });
});

function conversionIn(outcomes: Awaited<ReturnType<typeof processMessages>>): string {
  const [outcome] = outcomes;
  if (!outcome || 'error' in outcome) throw outcome?.error ?? new Error('nothing came of the message');
  return String(outcome.items[0]?.event.conversion_id);
}

import { rmSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { renderReport, reports } from '../../../sql/catalog.ts';
import { openLake } from '../../../sql/duckdb.ts';
import { type Asked, type Row, reportRows, requestOf } from '../attribution/asked.ts';
import { DAY, entryOf, HOUR, NOW, writeReceived } from '../attribution/sample.ts';
import { clickOf, writeClicks } from '../clicks-sample.ts';
import { temporaryFolder } from '../lake-writer.ts';
import { recipientOf, writeRecipients } from '../recipients-sample.ts';
import { writeSends } from '../sends-sample.ts';
import { sendOf } from './sends-sample.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
function folder(): string {
  const made = temporaryFolder('performance');
  folders.push(made);
  return made;
}

const BY_SEND = { from: NOW - 30 * DAY, to: NOW + DAY, basis: 'send', asOf: NOW + 60 * DAY };
const report = (lakeDir: string, asked: Asked = {}): Promise<Row[]> =>
  reportRows('performance', lakeDir, { ...BY_SEND, ...asked });

const welcome = { campaign_id: 'welcome', message_id: 'welcome-1' };

test('a message, its clicks, orders and costs come together on the clock of sends', async () => {
  const lakeDir = folder();
  await writeSends(
    lakeDir,
    [1, 2, 3, 4].map((subscriber_no) => sendOf({ subscriber_no, type: subscriber_no === 4 ? 'failed' : 'delivered' })),
  );
  await writeClicks(lakeDir, [
    clickOf({ ...welcome, subscriber_no: 1, link_no: 1, click_id: 'c1', ts: NOW - 3 * HOUR }),
    clickOf({ ...welcome, subscriber_no: 1, link_no: 1, ts: NOW - 4 * HOUR }),
    clickOf({ ...welcome, subscriber_no: 2, link_no: 1, ts: NOW - 4 * HOUR, actor: 'bot' }),
  ]);
  const click = { click_id: 'c1', clicked_at: NOW - 3 * HOUR, match: 'click_id', subscriber_no: 1 };
  await writeReceived(lakeDir, 'conversions', [
    entryOf({ ...click, revenue_minor: 4_990 }),
    entryOf({
      ...click,
      entry_id: 'o1-2',
      entry: 'refund',
      revenue_minor: -990,
      occurred_at: NOW + 3 * DAY,
      converted_at: NOW,
    }),
    entryOf({
      conversion_id: 'o2',
      match: 'none',
      subscriber_no: null,
      unmatched_reason: 'no_key',
      revenue_minor: 700,
    }),
  ]);
  const [total, row, unattributed] = await report(lakeDir, { by: ['message'] });
  expect(row).toMatchObject({
    message_id: 'welcome-1',
    message: 'welcome-1',
    reason: null,
    model: 'last',
    currency: 'USD',
    sent: 4,
    delivered: 3,
    clicks_total: 3,
    clicks_human: 2,
    clicks_bot: 1,
    clicks_unique: 1,
    conversions: 1,
    conversions_click: 1,
    conversions_reversed: 0,
    revenue: '40.00',
    revenue_gross: '49.90',
    refunded: '9.90',
    refund_count: 1,
    revenue_click: '40.00',
    cost: '0.04',
    profit: '39.96',
    ctr: 2 / 3,
    ctcr: 0.5,
    rpm: 10,
    rpc: 20,
    cpa: 0.04,
    roas: 1_000,
    aov: 49.9,
    unique_ctr: 1 / 3,
    bot_share: 1 / 3,
    delivery_rate: 0.75,
    p50_delay_s: 10_800,
    rpc_low: null,
    small_sample: true,
    immature: false,
  });
  expect(unattributed).toMatchObject({
    message_id: '(unattributed)',
    reason: 'unmatched',
    conversions: 1,
    revenue: '7.00',
    sent: 0,
    rpc: null,
  });
  expect(total).toMatchObject({
    revenue: '47.00',
    conversions: 2,
    sent: 4,
    money: [{ currency: 'USD', revenue: '47.00', payout: '0.00', cost: '0.04' }],
  });
});

test('a touch later than 30 days after its message stands at its own time, in one range only', {
  timeout: 60_000,
}, async () => {
  const lakeDir = folder();
  await writeSends(
    lakeDir,
    [1, 2].map((subscriber_no) => sendOf({ subscriber_no, ts: NOW - 50 * DAY })),
  );
  const by = (subscriber_no: number, days: number, fields = {}) =>
    clickOf({ ...welcome, subscriber_no, link_no: 1, click_id: `c${subscriber_no}`, ts: NOW - days * DAY, ...fields });
  await writeClicks(lakeDir, [by(1, 10), by(2, 20.001), by(3, 10, { sent_at: NOW - 50 * DAY })]);
  const click = { match: 'click_id', click_id: 'c1', clicked_at: NOW - 10 * DAY, subscriber_no: 1 };
  await writeReceived(lakeDir, 'conversions', [
    entryOf({ ...click, occurred_at: NOW - 9 * DAY, received_at: NOW - 9 * DAY }),
  ]);
  const told = async (name: string, from: number, to: number) => {
    const [total] = await reportRows(name, lakeDir, { basis: 'send', from: NOW + from * DAY, to: NOW + to * DAY });
    const { clicks_human, conversions, revenue } = total ?? {};
    return [clicks_human, conversions, revenue];
  };
  expect(await told('performance', -51, -39)).toEqual([1, 0, '0.00']);
  expect(await told('performance', -12, -8)).toEqual([2, 1, '49.90']);
  expect(await told('performance', -39, 0)).toEqual([2, 1, '49.90']);
  expect(await told('performance', -51, 0)).toEqual([3, 1, '49.90']);
  expect(await told('attribution', -51, -39)).toEqual([undefined, 0, '0.00']);
  expect(await told('attribution', -39, 0)).toEqual([undefined, 1, '49.90']);
});

test('the total’s rates over clicks leave out conversions on clicks that they do not divide by', async () => {
  const lakeDir = folder();
  const people = Array.from({ length: 40 }, (_, at) => ({ subscriber_no: at + 1, click_id: `c${at}` }));
  const actorOf = (subscriber_no: number) => (subscriber_no <= 20 ? 'human' : 'suspect');
  const ts = NOW - HOUR;
  await writeClicks(
    lakeDir,
    people.map((one) => clickOf({ ...welcome, ...one, link_no: 1, ts, actor: actorOf(one.subscriber_no) })),
  );
  const click = { match: 'click_id', clicked_at: ts, source_kind: 'network', payout_minor: 1_000 };
  await writeReceived(
    lakeDir,
    'conversions',
    people.map((one) => entryOf({ ...click, ...one, conversion_id: one.click_id })),
  );
  const [total, row, unattributed] = await report(lakeDir, { by: ['message'], basis: 'click' });
  const rates = { ctcr: 1, ctcr_gross: 0.5, rpc: 49.9, rpc_gross: 24.95, epc: 10, epc_gross: 5 };
  expect(total).toMatchObject({ clicks_human: 20, conversions_click: 40, revenue_click: '1996.00', ...rates });
  expect(row).toMatchObject({ clicks_human: 20, conversions_click: 20, ctcr: 1, rpc: 49.9, epc: 10 });
  expect(unattributed).toMatchObject({ reason: 'bot_click', conversions_click: 20, ctcr: null, rpc: null });
});

test('what nobody knows the price of has no cost: null, not 0', async () => {
  const unpriced = { price_micros: null, currency: null, price_kind: null };
  const sold = async (priced: number) => {
    const lakeDir = folder();
    const sends = [1, 2, 3, 4].map((subscriber_no) =>
      sendOf({ subscriber_no, ...(subscriber_no > priced && unpriced) }),
    );
    await writeSends(lakeDir, sends);
    await writeClicks(lakeDir, [clickOf({ ...welcome, subscriber_no: 1, link_no: 1, ts: NOW - HOUR })]);
    await writeReceived(lakeDir, 'conversions', [entryOf({ subscriber_no: 1 }), entryOf({ conversion_id: 'o2' })]);
    const request = requestOf({ ...BY_SEND, by: ['message'] });
    const lake = await openLake({ lakeDir });
    const rows = await lake.run(renderReport('performance', request)).finally(() => lake.close());
    return {
      shown: await reportRows('performance', lakeDir, request),
      warned: reports.performance?.warn?.(rows, request),
    };
  };
  const none = await sold(0);
  const unknown = { money: [{ cost: null }], sent: 4, cost: null, profit: null, cpa: null, roas: null };
  expect(none.shown).toMatchObject([unknown, unknown, { reason: 'no_touch', sent: 0, cost: '0.00' }]);
  expect(none.warned).toEqual([]);
  const some = await sold(1);
  expect(some.shown[1]).toMatchObject({ sent: 4, cost: '0.01', profit: '49.89', cpa: 0.01, roas: 4_990 });
  expect(some.warned).toMatchObject([
    { path: 'cost', code: 'cost_unknown', message: expect.stringMatching(/^3 of 4 /) },
  ]);
  expect((await sold(4)).warned).toEqual([]);
});

test('a subscriber who clicks several messages of a campaign is one unique click of the total, and of its unique_ctr', {
  timeout: 60_000,
}, async () => {
  const lakeDir = folder();
  const messages = ['welcome-1', 'welcome-2', 'welcome-3'];
  const spring = { campaign_id: 'spring', message_id: 'spring-1' };
  const sendTo = (subscriber_no: number, message: object, ts: number) =>
    sendOf({ ...message, subscriber_no, ts, id: `${JSON.stringify(message)} ${subscriber_no}` });
  const days = (message_id: string) => NOW - (3 - messages.indexOf(message_id)) * DAY;
  const all = messages.flatMap((message_id) => [1, 2].map((no) => ({ no, message_id, ts: days(message_id) })));
  await writeSends(lakeDir, [
    ...all.map(({ no, message_id, ts }) => sendTo(no, { message_id }, ts)),
    ...[1, 2].map((no) => sendTo(no, spring, NOW - 2 * DAY)),
  ]);
  const clicked = (subscriber_no: number, message: object, ts: number) =>
    clickOf({ campaign_id: 'welcome', subscriber_no, link_no: 1, ts: ts + HOUR, ...message });
  await writeClicks(lakeDir, [
    // The first clicks every message of the campaign, one of them twice, and one of another; the second one message.
    ...messages.map((message_id) => clicked(1, { message_id }, days(message_id))),
    clicked(1, { message_id: 'welcome-1' }, days('welcome-1') + HOUR),
    clicked(1, spring, NOW - 2 * DAY),
    clicked(2, { message_id: 'welcome-3' }, days('welcome-3')),
  ]);
  const uniques = async (...by: string[]) => {
    const [total, ...rows] = await report(lakeDir, { by });
    expect(total).toMatchObject({ is_total: true, delivered: 8, clicks_human: 6, clicks_unique: 3, unique_ctr: 3 / 8 });
    return Object.fromEntries(rows.map((row) => [row[by.at(-1) ?? ''], row.clicks_unique]));
  };
  const byMessage = { 'welcome-1': 1, 'welcome-2': 1, 'welcome-3': 2, 'spring-1': 1 };
  expect(await uniques('message')).toEqual(byMessage);
  expect(await uniques('campaign', 'message')).toEqual(byMessage);
  expect(await uniques('campaign')).toEqual({ welcome: 2, spring: 1 });
  expect(await uniques('day')).toEqual({ '2026-06-12': 1, '2026-06-13': 2, '2026-06-14': 2 });
});

test('by arm and attribute, a message told by message and subscriber is of the sibling link they were minted on', async () => {
  const lakeDir = folder();
  const drawn = (subscriber_no: number, link_no: number, arm: string, plan: string) =>
    recipientOf({
      ...welcome,
      ...{ subscriber_no, link_no, arm, experiment: 'e1', attributes: JSON.stringify({ plan }) },
      minted_at: NOW - 2 * DAY,
    });
  await writeRecipients(lakeDir, [
    drawn(1, 11, 'treatment', 'gold'),
    drawn(2, 12, 'treatment', 'free'),
    drawn(3, 13, 'holdout', 'gold'),
    // Of another message: not the one that was sent.
    recipientOf({ campaign_id: 'welcome', message_id: 'welcome-2', subscriber_no: 4, link_no: 14 }),
  ]);
  await writeSends(
    lakeDir,
    [1, 2, 3, 4].map((subscriber_no) => sendOf({ subscriber_no, link_no: subscriber_no === 1 ? 11 : null })),
  );
  await writeClicks(
    lakeDir,
    [1, 2].map((subscriber_no) => clickOf({ ...welcome, subscriber_no, link_no: 10 + subscriber_no, ts: NOW - HOUR })),
  );
  const told = async (by: string) => {
    const [total, ...rows] = await report(lakeDir, { by: [by] });
    expect(total).toMatchObject({ sent: 4, clicks_human: 2 });
    return Object.fromEntries(rows.map((row) => [row[by], [row.sent, row.clicks_human, row.ctr]]));
  };
  expect(await told('arm')).toEqual({ treatment: [2, 2, 1], holdout: [1, 0, 0], null: [1, 0, 0] });
  expect(await told('attr.plan')).toEqual({ gold: [2, 1, 0.5], free: [1, 1, 1], null: [1, 0, 0] });
});

test('what is divided by deliveries is of messages of which receipts are told, on both sides', async () => {
  const lakeDir = folder();
  const quiet = { message_id: 'welcome-2', type: 'sent' };
  const people = Array.from({ length: 100 }, (_, at) => at + 1);
  const optOut = (no: number) => sendOf({ ...quiet, subscriber_no: no, type: 'opt_out', id: `quiet ${no}` });
  await writeSends(lakeDir, [
    ...people.map((subscriber_no) => sendOf({ subscriber_no })),
    sendOf({ subscriber_no: 1, type: 'opt_out' }),
    ...people.map((no) => sendOf({ ...quiet, subscriber_no: no, id: `quiet ${no}` })),
    ...people.slice(0, 30).map(optOut),
  ]);
  const clicked = (subscriber_no: number | null, message_id: string | null) =>
    clickOf({ campaign_id: 'welcome', message_id, subscriber_no, link_no: 1, ts: NOW - HOUR });
  await writeClicks(lakeDir, [
    ...people.slice(0, 10).map((no) => clicked(no, 'welcome-1')),
    ...people.slice(0, 50).map((no) => clicked(no, 'welcome-2')),
    // Of nobody known: by the message, else by the campaign; of a message of which nothing is told.
    ...[clicked(null, 'welcome-1'), clicked(null, null), clicked(null, 'welcome-2'), clicked(null, 'welcome-9')],
  ]);
  const [total, ...rows] = await report(lakeDir, { by: ['message'] });
  const rates = { ctr: 0.12, ctr_gross: 0.12, unique_ctr: 0.1, opt_out_rate: 0.01 };
  expect(total).toMatchObject({
    sent: 200,
    delivered: 100,
    clicks_human: 64,
    clicks_unique: 50,
    opt_outs: 31,
    ...rates,
  });
  const of = (message: string) => rows.find((row) => row.message === message);
  expect(of('welcome-1')).toMatchObject({ sent: 100, delivered: 100, clicks_human: 11, ctr: 0.11, unique_ctr: 0.1 });
  const untold = { ctr: null, unique_ctr: null, opt_out_rate: null };
  expect(of('welcome-2')).toMatchObject({ sent: 100, delivered: null, clicks_human: 51, ...untold });
  const [byCampaign] = (await report(lakeDir, { by: ['campaign'] })).slice(1);
  expect(byCampaign).toMatchObject({ campaign: 'welcome', ...rates });
  expect(Number(total?.ctr_high)).toBeLessThan(0.2);
  const [sends] = await reportRows('sends', lakeDir, BY_SEND);
  expect(sends).toMatchObject({ is_total: true, delivered: 100, opt_outs: 31, opt_out_rate: 0.01 });
});

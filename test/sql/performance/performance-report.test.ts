import { expect, test } from 'vitest';
import { reportRows } from '../attribution/asked.ts';
import { DAY, entryOf, HOUR, NOW, writeReceived } from '../attribution/sample.ts';
import { clickOf, writeClicks } from '../clicks-sample.ts';
import { writeSends } from '../sends-sample.ts';
import { lakeFolders, report, welcome } from './lake-report.ts';
import { sendOf } from './sends-sample.ts';

const folder = lakeFolders();

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

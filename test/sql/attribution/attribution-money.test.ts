import { expect, test } from 'vitest';
import { clickOf, writeClicks } from '../clicks-sample.ts';
import { sendOf, writeSends } from '../sends-sample.ts';
import { reportRows } from './asked.ts';
import { folder, groups, person, refundOf, report, short, total, welcomed } from './report-lake.ts';
import { DAY, type Entry, entryOf, HOUR, NOW, writeReceived } from './sample.ts';

test('a refund takes back what its sale gave, on its own day; the conversion stays counted on its own', async () => {
  const lakeDir = await welcomed();
  const later = NOW + 3 * DAY;
  await writeReceived(lakeDir, 'conversions', [entryOf(), refundOf({ occurred_at: later, received_at: later })]);
  const range = { from: NOW - DAY, to: NOW + 4 * DAY };
  const rows = await groups(lakeDir, { ...range, by: ['day', 'message'], choice: { model: 'linear', window: '30d' } });
  expect(rows.map(({ day, message, conversions, revenue }) => [day, message, conversions, revenue])).toEqual([
    ['2026-06-15', 'mail', 0.333333333, '16.63'],
    ['2026-06-15', 'welcome-1', 0.333333333, '16.64'],
    ['2026-06-15', 'welcome-3', 0.333333333, '16.63'],
    ['2026-06-18', 'mail', 0, '-16.63'],
    ['2026-06-18', 'welcome-1', 0, '-16.64'],
    ['2026-06-18', 'welcome-3', 0, '-16.63'],
  ]);
  expect(await total(lakeDir, range)).toMatchObject({
    conversions: 1,
    revenue: '0.00',
    revenue_gross: '49.90',
    refunded: '49.90',
  });
  expect(await total(lakeDir, { from: later, to: later + 1 })).toMatchObject({ conversions: 0, revenue: '-49.90' });
});

test('by click, a refund restates the cohort of its click, however late it comes', async () => {
  const lakeDir = await welcomed();
  const later = NOW + 200 * DAY;
  await writeReceived(lakeDir, 'conversions', [
    entryOf(),
    refundOf({ occurred_at: later, received_at: later, revenue_minor: -1000 }),
  ]);
  const clicked = { basis: 'click', from: NOW - 2 * DAY, to: NOW - DAY + 1, by: ['day', 'message'] };
  expect(short(await groups(lakeDir, clicked))).toEqual([['welcome-3', 1, '39.90']]);
  expect(await groups(lakeDir, { ...clicked, to: NOW - DAY })).toEqual([]);
  // The path is the whole one, of which the range shows a part.
  const part = await groups(lakeDir, { ...clicked, choice: { model: 'linear', window: '30d' } });
  expect(short(part)).toEqual([['welcome-3', 0.333333333, '13.30']]);
});

test('by send, the range is that of the message a touch answers to', async () => {
  const lakeDir = await welcomed();
  await writeSends(lakeDir, [
    sendOf({ id: 'x1', subscriber_no: 7, campaign_id: null, message_id: 'welcome-3', ts: NOW - 3 * DAY }),
    sendOf({ id: 'x2', subscriber_no: 8, campaign_id: null, message_id: 'welcome-3', ts: NOW - 2 * DAY }),
  ]);
  await writeReceived(lakeDir, 'conversions', [entryOf(), refundOf({ revenue_minor: -1000 })]);
  const sent = { basis: 'send', by: ['day', 'message'], from: NOW - 3 * DAY, to: NOW - 3 * DAY + 1 };
  expect(await groups(lakeDir, sent)).toEqual([
    expect.objectContaining({ day: '2026-06-12', message: 'welcome-3', conversions: 1, revenue: '39.90' }),
  ]);
  expect(await groups(lakeDir, { ...sent, to: NOW - 3 * DAY, from: NOW - 5 * DAY })).toEqual([]);
});

test('what is taken back more than 120 days after its sale has no touches to go to', async () => {
  const lakeDir = folder();
  const sold = (days: number, conversion_id: string) => {
    const fields = { conversion_id, converted_at: NOW - days * DAY, subscriber_no: days };
    const at = { occurred_at: NOW - days * DAY, received_at: NOW - days * DAY };
    return [
      entryOf({ ...fields, ...at }),
      entryOf({ ...fields, entry_id: `${conversion_id}-2`, entry: 'refund', revenue_minor: -100 }),
    ];
  };
  await writeClicks(
    lakeDir,
    [119, 122].map((days) => clickOf({ subscriber_no: days, ts: NOW - days * DAY - 6 * DAY, message_id: 'm' })),
  );
  await writeReceived(lakeDir, 'conversions', [...sold(119, 'a'), ...sold(122, 'b')]);
  const rows = await groups(lakeDir, { by: ['message'] });
  expect(rows.map(({ message, reason, revenue }) => [message, reason, revenue])).toEqual([
    ['m', null, '-1.00'],
    ['(unattributed)', 'sale_too_old', '-1.00'],
  ]);
});

test('a chargeback is no new conversion where its sale lies before the days that are read', {
  timeout: 60_000,
}, async () => {
  const lakeDir = folder();
  const sold = { occurred_at: NOW - 181 * DAY, converted_at: NOW - 181 * DAY, received_at: NOW - 181 * DAY };
  await writeClicks(lakeDir, [clickOf({ ...person, ts: sold.occurred_at - HOUR, message_id: 'm' })]);
  await writeReceived(lakeDir, 'conversions', [
    entryOf(sold),
    refundOf({ ...sold, entry: 'chargeback', occurred_at: NOW, received_at: NOW }),
  ]);
  const lost = { reason: 'sale_too_old', conversions: 0, revenue: '-49.90', refunded: '49.90' };
  for (const model of ['last', 'linear', 'markov', 'shapley']) {
    const rows = await report(lakeDir, { by: ['message'], choice: { model } });
    expect(rows).toMatchObject([{ is_total: true, conversions: 0, touches: 0, revenue: '-49.90' }, lost]);
  }
  for (const row of await reportRows('models', lakeDir, { by: ['message'] })) expect(row.conversions).toBe(0);
  const asked = { by: ['message'], filters: { reason: ['sale_too_old'] } };
  expect(await reportRows('performance', lakeDir, asked)).toMatchObject([
    { is_total: true },
    { ...lost, refund_count: 1, conversions_reversed: 0, reversal_rate: null },
  ]);
  const own = { from: sold.occurred_at - DAY, to: sold.occurred_at + DAY };
  expect(await total(lakeDir, own)).toMatchObject({ conversions: 1, touches: 1, revenue: '49.90' });
});

test('currencies are never added up', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [clickOf({ ...person, ts: NOW - HOUR, message_id: 'm' })]);
  await writeReceived(lakeDir, 'conversions', [
    entryOf(),
    entryOf({ conversion_id: 'o2', currency: 'JPY', revenue_minor: 5000 }),
    entryOf({ conversion_id: 'o3', currency: null, revenue_minor: null }),
  ]);
  expect(await groups(lakeDir, { by: ['message'] })).toEqual([
    expect.objectContaining({
      conversions: 3,
      currency: null,
      revenue: null,
      payout: null,
      money: [
        { currency: 'JPY', revenue: '5000', payout: '0', revenue_gross: '5000', refunded: '0' },
        { currency: 'USD', revenue: '49.90', payout: '0.00', revenue_gross: '49.90', refunded: '0.00' },
      ],
    }),
  ]);
});

test('what was rejected before it was ever approved is in no gross revenue, and is not taken back; what was reversed is', {
  timeout: 60_000,
}, async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [clickOf({ ...person, ts: NOW - HOUR, message_id: 'm' })]);
  const network = { source_kind: 'network', payout_minor: 4_990, currency: 'USD', event: 'lead' } as const;
  const order = (conversion_id: string, status: string, before: string, days: number) => [
    entryOf({ ...network, conversion_id, status: before }),
    entryOf({
      ...network,
      ...{ conversion_id, entry_id: `${conversion_id}-2`, entry: 'status', status, occurred_at: NOW + days * DAY },
      ...{ converted_at: NOW, revenue_minor: -4_990, payout_minor: -4_990 },
    }),
  ];
  const orders = [order('a', 'rejected', 'rejected', 0), order('b', 'rejected', 'pending', 1)];
  await writeReceived(lakeDir, 'conversions', [...orders.flat(), ...order('c', 'reversed', 'approved', 0)]);
  const range = { from: NOW - DAY, to: NOW + 2 * DAY };
  const money = { revenue: '0.00', revenue_gross: '49.90', refunded: '49.90' };
  expect(await total(lakeDir, range)).toMatchObject({ conversions: 1, ...money });
  const [performance] = await reportRows('performance', lakeDir, range);
  expect(performance).toMatchObject({ conversions: 1, refund_count: 0, ...money });
  expect(await total(lakeDir, { ...range, by: ['message'], choice: { model: 'shapley' } })).toMatchObject(money);
  const days = await groups(lakeDir, { ...range, by: ['day'], filters: { status: ['rejected'] } });
  expect(days.map(({ day, revenue, revenue_gross, refunded }) => [day, revenue, revenue_gross, refunded])).toEqual([
    ['2026-06-15', '49.90', '49.90', '0.00'],
    ['2026-06-16', '-49.90', '-49.90', '0.00'],
  ]);
});

test('rejected conversions and events that do not count add no count; a campaign may say what counts', async () => {
  const lakeDir = folder();
  const order = (conversion_id: string, fields: Partial<Entry>) => entryOf({ conversion_id, ...fields });
  await writeReceived(lakeDir, 'conversions', [
    order('a', { status: 'rejected' }),
    order('b', { event: 'rebill' }),
    order('c', { status: 'pending' }),
    order('d', { event: 'rebill', campaign_id: 'club' }),
    order('e', { campaign_id: 'club' }),
  ]);
  expect(await total(lakeDir)).toMatchObject({ conversions: 2, revenue: '249.50' });
  expect(await total(lakeDir, { rules: { campaign_events: { club: ['rebill'] } } })).toMatchObject({ conversions: 2 });
  expect(await total(lakeDir, { rules: { events: ['rebill'] } })).toMatchObject({ conversions: 2 });
});

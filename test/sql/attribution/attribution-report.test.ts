import { expect, test } from 'vitest';
import { clickOf, utcDay, writeClicks, writeDelivered } from '../clicks-sample.ts';
import type { Asked } from './asked.ts';
import { folder, groups, person, report, short, total, welcomed } from './report-lake.ts';
import { DAY, type Entry, entryOf, HOUR, NOW, writeArrived, writeReceived } from './sample.ts';

test('one order, five stories, each to the cent', { timeout: 60_000 }, async () => {
  const lakeDir = await welcomed();
  await writeReceived(lakeDir, 'conversions', [entryOf()]);
  const told = async (model: string) => {
    const rows = await groups(lakeDir, { by: ['message'], choice: { model, window: '30d' } });
    return Object.fromEntries(rows.map(({ message, conversions, revenue }) => [message, [conversions, revenue]]));
  };
  const nothing = [0, '0.00'];
  expect(await told('last')).toEqual({ 'welcome-1': nothing, mail: nothing, 'welcome-3': [1, '49.90'] });
  expect(await told('first')).toEqual({ 'welcome-1': [1, '49.90'], mail: nothing, 'welcome-3': nothing });
  const third = 0.333333333;
  expect(await told('linear')).toEqual({
    'welcome-1': [third, '16.64'],
    mail: [third, '16.63'],
    'welcome-3': [third, '16.63'],
  });
  expect(await told('position')).toEqual({
    'welcome-1': [0.4, '19.96'],
    mail: [0.2, '9.98'],
    'welcome-3': [0.4, '19.96'],
  });
  // Ages of 15, 8 and 1 days at a half-life of 7: one, two and four sevenths.
  expect(await told('time_decay')).toEqual({
    'welcome-1': [0.142857143, '7.13'],
    mail: [0.285714286, '14.26'],
    'welcome-3': [0.571428571, '28.51'],
  });
});

test('an empty lake has a total of nothing, in the account’s currency', async () => {
  expect(await report(folder(), { by: ['campaign'], rules: { currency: 'JPY' } })).toEqual([
    expect.objectContaining({ is_total: true, conversions: 0, revenue: '0', currency: 'JPY', touches: 0, money: [] }),
  ]);
});

test('whatever has no touch is unattributed with its reason, and rows add up to the ledger', async () => {
  const lakeDir = folder();
  const bot = clickOf({ ...person, ts: NOW - HOUR, actor: 'bot', click_id: 'bot', message_id: 'm' });
  await writeClicks(lakeDir, [
    bot,
    clickOf({ subscriber_no: 8, ts: NOW - 8 * DAY }),
    clickOf({ subscriber_no: 9, ts: NOW + HOUR }),
    clickOf({ subscriber_no: 10, ts: NOW - HOUR, message_id: 'welcome-1', campaign_id: 'a' }),
  ]);
  const by = (conversion_id: string, fields: Partial<Entry>) => entryOf({ conversion_id, ...fields });
  await writeReceived(lakeDir, 'conversions', [
    by('bot', { match: 'click_id', click_id: 'bot', clicked_at: bot.ts }),
    by('old', { subscriber_no: 8 }),
    by('early', { subscriber_no: 9 }),
    by('touched', { subscriber_no: 10 }),
    by('nobody', { subscriber_no: null, match: 'none' }),
    by('untouched', { subscriber_no: 11, revenue_minor: -1 }),
  ]);
  const rows = await groups(lakeDir, { by: ['campaign', 'message', 'link', 'channel'] });
  expect(rows.map(({ campaign, message, reason, revenue }) => [campaign, message, reason, revenue])).toEqual([
    ['a', 'welcome-1', null, '49.90'],
    ...[
      ['bot_click', '49.90'],
      ['no_touch', '-0.01'],
      ['outside_window', '49.90'],
      ['touch_after_conversion', '49.90'],
      ['unmatched', '49.90'],
    ].map(([reason, revenue]) => ['(unattributed)', '(unattributed)', reason, revenue]),
  ]);
  expect(await total(lakeDir)).toMatchObject({ conversions: 6, revenue: '249.49', touches: 1 });
  const only = await groups(lakeDir, {
    by: ['campaign'],
    filters: { campaign: ['(unattributed)'], reason: ['unmatched'] },
  });
  expect(only).toEqual([
    expect.objectContaining({ campaign: '(unattributed)', reason: 'unmatched', revenue: '49.90' }),
  ]);
});

test('clicks of other verdicts count where they are asked for', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [clickOf({ ...person, ts: NOW - HOUR, actor: 'suspect', message_id: 'm' })]);
  await writeReceived(lakeDir, 'conversions', [entryOf()]);
  expect(short(await groups(lakeDir, { by: ['message'] }))).toEqual([['(unattributed)', 1, '49.90']]);
  expect(short(await groups(lakeDir, { by: ['message'], choice: { actors: ['human', 'suspect'] } }))).toEqual([
    ['m', 1, '49.90'],
  ]);
});

test('a touch is eligible by its campaign’s window, else its offer’s, else the account’s; one asked for goes before all', async () => {
  const lakeDir = folder();
  const ages = { a: 23 * HOUR, b: 25 * HOUR, c: 30 * HOUR, d: 6 * DAY, e: 8 * DAY };
  await writeClicks(lakeDir, [
    clickOf({ ...person, ts: NOW - ages.a, message_id: 'a', campaign_id: 'short', offer_id: 'o' }),
    clickOf({ ...person, ts: NOW - ages.b, message_id: 'b', campaign_id: 'short', offer_id: 'o' }),
    clickOf({ ...person, ts: NOW - ages.c, message_id: 'c', campaign_id: 'plain', offer_id: 'o' }),
    clickOf({ ...person, ts: NOW - ages.d, message_id: 'd' }),
    clickOf({ ...person, ts: NOW - ages.e, message_id: 'e' }),
  ]);
  await writeReceived(lakeDir, 'conversions', [entryOf()]);
  const many = Array.from({ length: 400 }, (_, at) => [`campaign-${at}`, '3h']);
  const rules = { campaign_windows: { ...Object.fromEntries(many), short: '24h' }, offer_windows: { o: '30h' } };
  const messages = async (asked: Asked) =>
    (await groups(lakeDir, { by: ['message'], ...asked })).map((row) => row.message).sort();
  expect(await messages({ rules })).toEqual(['a', 'c', 'd']);
  expect(await messages({ rules, choice: { window: '30d' } })).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(await messages({ rules, choice: { window: '24h' } })).toEqual(['a']);
});

test('the highest version of an entry counts, each once; as of a moment, what was known then', async () => {
  const lakeDir = await welcomed();
  const known = entryOf({ received_at: NOW + HOUR });
  await writeArrived(lakeDir, 'conversions', [
    { row: { ...known, match: 'none', subscriber_no: null }, dt: utcDay(NOW) },
    { row: { ...known, version: 2 }, dt: utcDay(NOW, 40) },
    { row: { ...known, version: 2 }, dt: utcDay(NOW, 41) },
  ]);
  expect(short(await groups(lakeDir, { by: ['message'] }))).toEqual([['welcome-3', 1, '49.90']]);
  expect(short(await groups(lakeDir, { by: ['message'], choice: { as_of: NOW + 2 * HOUR } }))).toEqual([
    ['(unattributed)', 1, '49.90'],
  ]);
  expect(await groups(lakeDir, { by: ['message'], choice: { as_of: NOW + HOUR } })).toEqual([]);
});

test('a touch is looked for as far back as the longest window reaches, over late arrivals and midnight', async () => {
  const lakeDir = folder();
  const at = (ts: number, days: number, message_id: string) => ({
    click: clickOf({ ...person, ts, message_id }),
    dt: utcDay(ts, days),
  });
  await writeDelivered(lakeDir, [
    at(NOW - 30 * DAY, 0, 'edge'),
    at(NOW - HOUR, 7, 'late'),
    at(NOW - 30 * DAY - 1, 0, 'out'),
  ]);
  await writeReceived(lakeDir, 'conversions', [entryOf()]);
  const rows = await groups(lakeDir, { by: ['message'], choice: { model: 'first', window: '30d' } });
  expect(short(rows)).toEqual([
    ['edge', 1, '49.90'],
    ['late', 0, '0.00'],
  ]);
});

import { rmSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { ReportRequestError, renderReport } from '../../../sql/catalog.ts';
import { clickOf, utcDay, writeClicks, writeDelivered } from '../clicks-sample.ts';
import { temporaryFolder } from '../lake-writer.ts';
import { recipientOf, writeRecipients } from '../recipients-sample.ts';
import { sendOf, writeSends } from '../sends-sample.ts';
import { type Asked, type Row, reportRows, requestOf } from './asked.ts';
import { DAY, type Entry, entryOf, HOUR, importedOf, NOW, writeArrived, writeReceived } from './sample.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
function folder(): string {
  const made = temporaryFolder('attribution');
  folders.push(made);
  return made;
}

const report = (lakeDir: string, asked: Asked = {}) => reportRows('attribution', lakeDir, asked);
const groups = async (lakeDir: string, asked: Asked) =>
  (await report(lakeDir, asked)).filter(({ is_total }) => !is_total);
const total = async (lakeDir: string, asked: Asked = {}) =>
  (await report(lakeDir, asked)).find(({ is_total }) => is_total);
const short = (rows: readonly Row[]) =>
  rows.map(({ message, reason, conversions, revenue }) => [message ?? reason, conversions, revenue]);

const person = { subscriber_no: 7, link_no: 1 };
const refundOf = (given: Partial<Entry> = {}) =>
  entryOf({
    entry_id: 'o1-2',
    entry: 'refund',
    occurred_at: NOW + HOUR,
    converted_at: NOW,
    revenue_minor: -4990,
    ...given,
  });

/** Two taps and an e-mail before one order. */
async function welcomed(): Promise<string> {
  const lakeDir = folder();
  await writeClicks(lakeDir, [
    clickOf({ ...person, ts: NOW - 15 * DAY, message_id: 'welcome-1' }),
    clickOf({ ...person, ts: NOW - DAY, message_id: 'welcome-3' }),
  ]);
  await writeReceived(lakeDir, 'touches', [importedOf({ ts: NOW - 8 * DAY })]);
  return lakeDir;
}

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

test('no value is longer than Athena takes, and there are as many as there are placeholders', () => {
  const many = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`campaign-${at}`, '30d']));
  const by = ['arm', 'attr.plan', 'country', 'day'];
  for (const basis of ['conversion', 'click']) {
    const request = requestOf({
      basis,
      by,
      filters: { 'attr.plan': ['a', 'b'], os: ['ios'] },
      rules: { campaign_windows: many },
    });
    const { sql, parameters } = renderReport('attribution', request);
    expect(sql.split('?')).toHaveLength(parameters.length + 1);
    expect(sql).not.toMatch(/\{\{|plan/);
    for (const value of parameters) expect(String(value).length).toBeLessThan(1_022);
  }
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

test('a redeemed code without a click goes to the latest message that carried it, however it was typed', async () => {
  const lakeDir = folder();
  const code = 'WELCOME-7K3M9QX01';
  await writeRecipients(lakeDir, [
    recipientOf({ subscriber_no: 7, link_no: 1, promo_code: code, message_id: 'welcome-1', minted_at: NOW - 20 * DAY }),
    recipientOf({ subscriber_no: 7, link_no: 2, promo_code: code, message_id: 'welcome-2', minted_at: NOW - 10 * DAY }),
    recipientOf({ subscriber_no: 8, link_no: 2, promo_code: code, message_id: 'other', minted_at: NOW - DAY }),
  ]);
  const typed = entryOf({ match: 'promo_code', promo_code: 'welcome 7k3m9qxo1', campaign_id: 'a' });
  const unknown = { ...typed, conversion_id: 'o2', entry_id: 'o2-1', promo_code: 'SUMMER-1' };
  await writeReceived(lakeDir, 'conversions', [typed, unknown]);
  const rows = await groups(lakeDir, { by: ['message', 'campaign', 'match'] });
  expect(rows.map(({ message, campaign, match, revenue }) => [message, campaign, match, revenue])).toEqual([
    ['welcome-2', 'a', 'promo_code', '49.90'],
    [null, 'a', 'promo_code', '49.90'],
  ]);
});

test('of messages minted long before, the one last sent by then carried the code; one that was not sent did not', async () => {
  const lakeDir = folder();
  const minted = { subscriber_no: 7, promo_code: 'CODE-1', minted_at: NOW - 60 * DAY };
  await writeRecipients(lakeDir, [
    recipientOf({ ...minted, link_no: 1, message_id: 'welcome-1' }),
    recipientOf({ ...minted, link_no: 2, message_id: 'welcome-2', minted_at: minted.minted_at - 1 }),
    recipientOf({ ...minted, link_no: 3, message_id: 'welcome-3', minted_at: NOW - DAY }),
    recipientOf({ ...minted, link_no: 4, message_id: 'untold', minted_at: NOW - 50 * DAY }),
  ]);
  const sent = (link_no: number, subscriber_no: number, days: number, type = 'sent') =>
    sendOf({ link_no, subscriber_no, type, ts: NOW - days * DAY });
  await writeSends(lakeDir, [
    sent(1, 7, 40),
    sent(2, 7, 30, 'delivered'),
    sent(2, 7, 29),
    sent(3, 8, 2),
    sent(3, 7, 1, 'failed'),
  ]);
  await writeReceived(lakeDir, 'conversions', [
    entryOf({ match: 'promo_code', promo_code: 'CODE-1', campaign_id: 'a' }),
  ]);
  expect(short(await groups(lakeDir, { by: ['message'] }))).toEqual([['welcome-2', 1, '49.90']]);
  // Where no campaign gives codes out nothing is looked for: the campaign alone is known.
  const rules = { promo_codes: false };
  expect(await groups(lakeDir, { by: ['message', 'campaign'], rules })).toMatchObject([
    { message: null, campaign: 'a' },
  ]);
});

test('groups by what clicks, recipients and conversions know', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [
    clickOf({
      ...person,
      ts: NOW - HOUR,
      country: 'US',
      os: 'ios',
      device: 'mobile',
      domain: 'go.brand.com',
      region: 'CA',
    }),
  ]);
  await writeRecipients(lakeDir, [
    recipientOf({ subscriber_no: 7, arm: 'treatment', experiment: 'e1', attributes: '{"plan":"gold"}' }),
  ]);
  await writeReceived(lakeDir, 'conversions', [entryOf({ product: 'boots' })]);
  const by = [
    'country',
    'os',
    'device',
    'domain',
    'region',
    'actor',
    'arm',
    'experiment',
    'attr.plan',
    'subscriber',
    'source',
    'event',
    'status',
    'product',
    'hour_of_day',
    'weekday',
    'channel',
  ];
  const [row, ...others] = await groups(lakeDir, {
    by,
    filters: { os: ['ios'], 'attr.plan': ['gold'], subscriber: ['s-7'] },
  });
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    country: 'US',
    os: 'ios',
    device: 'mobile',
    domain: 'go.brand.com',
    region: 'CA',
    actor: 'human',
    arm: 'treatment',
    experiment: 'e1',
    'attr.plan': 'gold',
    subscriber: 's-7',
    subscriber_id: 's-7',
    source: 'shop',
    event: 'sale',
    status: 'approved',
    product: 'boots',
    hour_of_day: 12,
    weekday: 1,
    channel: 'sms',
    conversions: 1,
    revenue: '49.90',
  });
});

test('pages are disjoint and complete, and each has the total', async () => {
  const lakeDir = folder();
  await writeClicks(
    lakeDir,
    Array.from({ length: 5 }, (_, at) => clickOf({ ...person, ts: NOW - HOUR - at, message_id: `m${at}` })),
  );
  await writeReceived(lakeDir, 'conversions', [entryOf(), entryOf({ conversion_id: 'o2', match: 'none' })]);
  const page = (offset: number) => report(lakeDir, { by: ['message'], choice: { model: 'linear' }, limit: 3, offset });
  const pages = [await page(0), await page(3)];
  expect(pages.map(([first]) => first?.revenue)).toEqual(['99.80', '99.80']);
  const shown = pages.flatMap((rows) => rows.slice(1).map(({ message }) => message));
  expect(shown).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', '(unattributed)']);
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

test('what the report does not have is refused', () => {
  expect(() => renderReport('attribution', requestOf({ by: ['carrier'] }))).toThrow(ReportRequestError);
  expect(() => renderReport('attribution', requestOf({ choice: { model: `last'); drop` } }))).toThrow(
    ReportRequestError,
  );
});

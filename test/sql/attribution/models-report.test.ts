import { rmSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { clickOf, writeClicks } from '../clicks-sample.ts';
import { temporaryFolder } from '../lake-writer.ts';
import { type Asked, type Row, reportRows } from './asked.ts';
import { DAY, entryOf, HOUR, importedOf, NOW, writeReceived } from './sample.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
function folder(): string {
  const made = temporaryFolder('models');
  folders.push(made);
  return made;
}

const groups = async (name: string, lakeDir: string, asked: Asked = {}) =>
  (await reportRows(name, lakeDir, { by: ['message'], ...asked })).filter(({ is_total }) => !is_total);
const total = async (name: string, lakeDir: string, asked: Asked = {}) =>
  (await reportRows(name, lakeDir, { by: ['message'], ...asked })).find(({ is_total }) => is_total);
const told = (rows: readonly Row[]) =>
  Object.fromEntries(rows.map(({ message, conversions, revenue }) => [message, [conversions, revenue]]));

/** Clicks of one subscriber on these messages, an hour apart. */
const clicksOf = (subscriber_no: number, ...messages: readonly string[]) =>
  messages.map((message_id, at) =>
    clickOf({ subscriber_no, link_no: 1, message_id, ts: NOW - (messages.length - at) * HOUR }),
  );
const orderOf = (subscriber_no: number, revenue_minor = 1_000) =>
  entryOf({ conversion_id: `o${subscriber_no}`, subscriber_no, revenue_minor });

/** C1 > C2 > C3 converts; C1 does not; C2 > C3 does not. https://analyzecore.com/2016/08/03/attribution-model-r-part-1 */
async function toy(): Promise<string> {
  const lakeDir = folder();
  await writeClicks(lakeDir, [...clicksOf(1, 'C1', 'C2', 'C3'), ...clicksOf(2, 'C1'), ...clicksOf(3, 'C2', 'C3')]);
  await writeReceived(lakeDir, 'conversions', [orderOf(1)]);
  return lakeDir;
}

test('Markov’s oracle of three journeys: .2, .4, .4', async () => {
  const rows = await groups('attribution', await toy(), { choice: { model: 'markov' } });
  expect(told(rows)).toEqual({ C1: [0.2, '2.00'], C2: [0.4, '4.00'], C3: [0.4, '4.00'] });
  expect(rows[0]).toMatchObject({ model: 'markov', touches: 1, reason: null, currency: 'USD' });
});

/** Journeys whose coalitions are worth A 10, B 20, C 0, AB 50, AC 15, BC 25, ABC 60, in conversions and in dollars. */
test('Shapley’s oracle of three players: 22.5, 32.5, 5', { timeout: 60_000 }, async () => {
  const lakeDir = folder();
  const walks: [number, ...string[]][] = [
    [10, 'A'],
    [20, 'B'],
    [20, 'A', 'B'],
    [5, 'C', 'A'],
    [5, 'B', 'C'],
  ];
  const people = walks.flatMap(([times, ...messages]) => Array.from({ length: times }, () => messages));
  await writeClicks(
    lakeDir,
    people.flatMap((messages, at) => clicksOf(at + 1, ...messages)),
  );
  await writeReceived(
    lakeDir,
    'conversions',
    people.map((_, at) => orderOf(at + 1, 100)),
  );
  const rows = await groups('attribution', lakeDir, { choice: { model: 'shapley' } });
  expect(told(rows)).toEqual({ A: [22.5, '22.50'], B: [32.5, '32.50'], C: [5, '5.00'] });
});

test('all models side by side, each adding up to the ledger, with gain and loss against the default', {
  timeout: 60_000,
}, async () => {
  const lakeDir = await toy();
  await writeReceived(lakeDir, 'conversions', [
    orderOf(99),
    entryOf({ conversion_id: 'yen', subscriber_no: 1, currency: 'JPY', revenue_minor: 500 }),
  ]);
  const rows = await groups('models', lakeDir);
  expect(rows.slice(0, 7).map(({ model }) => model)).toEqual([
    'last',
    'first',
    'linear',
    'position',
    'time_decay',
    'markov',
    'shapley',
  ]);
  const of = (message: string, model: string) => rows.find((row) => row.message === message && row.model === model);
  expect(of('C3', 'last')).toMatchObject({ conversions: 2, conversions_gain: 0, revenue_gain: null });
  expect(of('C1', 'first')).toMatchObject({ conversions: 2, conversions_gain: 2 });
  expect(of('C2', 'linear')?.money).toMatchObject([
    { currency: 'JPY', revenue: '167' },
    { currency: 'USD', revenue: '3.33' },
  ]);
  // Removal effects of 2/3, 1 and 1 where two of four journeys convert.
  expect(of('C1', 'markov')).toMatchObject({ conversions: 0.5, conversions_gain: 0.5, touches: 2 });
  for (const model of ['last', 'time_decay', 'markov', 'shapley']) {
    expect(of('(unattributed)', model)).toMatchObject({
      conversions: 1,
      revenue: '10.00',
      reason: 'no_touch',
      revenue_gain: '0.00',
    });
    const conversions = rows
      .filter((row) => row.model === model)
      .reduce((sum, row) => sum + Number(row.conversions), 0);
    expect(conversions).toBeCloseTo(3, 8);
  }
  expect(await total('models', lakeDir)).toMatchObject({ conversions: 3, touches: 6 });
  const against = await groups('models', lakeDir, { choice: { model: 'first' } });
  expect(against.find(({ message, model }) => message === 'C3' && model === 'last')).toMatchObject({
    conversions_gain: 2,
  });
});

test('the total of all models is the default’s and gains nothing, whatever group is without a value', {
  timeout: 60_000,
}, async () => {
  const lakeDir = folder();
  const nameless = clickOf({ subscriber_no: 1, link_no: 1, message_id: null, ts: NOW - 2 * HOUR });
  await writeClicks(lakeDir, [nameless, ...clicksOf(1, 'm1'), ...clicksOf(2, 'm1')]);
  await writeReceived(lakeDir, 'conversions', [orderOf(1), orderOf(2)]);
  const none = { conversions_gain: 0, revenue_gain: '0.00', payout_gain: '0.00' };
  for (const model of ['last', 'first', 'linear', 'markov']) {
    const rows = await reportRows('models', lakeDir, { by: ['message'], choice: { model } });
    const totals = rows.filter(({ is_total }) => is_total);
    expect(totals).toMatchObject([{ model, message: null, conversions: 2, revenue: '20.00', ...none }]);
    const standard = rows.filter((row) => !row.is_total && row.model === model);
    expect(standard).toContainEqual(expect.objectContaining({ message: null, ...none }));
  }
  expect(await total('models', lakeDir, { by: [] })).toMatchObject(none);
});

test('pages of a model that is computed from all paths have its total and its filters', async () => {
  const lakeDir = await toy();
  const ask = (asked: Asked) =>
    reportRows('attribution', lakeDir, { by: ['message'], choice: { model: 'markov' }, ...asked });
  const [all, ...first] = await ask({ limit: 1 });
  expect(all).toMatchObject({ is_total: true, conversions: 1, revenue: '10.00', message: null });
  // One more than asked for tells that there is another page.
  expect(first.map(({ message }) => message)).toEqual(['C2', 'C3']);
  expect((await ask({ limit: 1, offset: 2 })).slice(1).map(({ message }) => message)).toEqual(['C1']);
  expect(await ask({ filters: { message_id: ['C1'] } })).toMatchObject([{ conversions: 0.2 }, { message: 'C1' }]);
});

test('null paths: anonymous clicks one by one, e-mail too, bots not; open ones stay out where maturity is asked for', async () => {
  const lakeDir = await toy();
  const markov = async (asked: Asked['choice'] = {}) => {
    const rows = await groups('attribution', lakeDir, { choice: { model: 'markov', ...asked }, asOf: NOW + 6 * DAY });
    return told(rows);
  };
  const before = await markov();
  await writeClicks(
    lakeDir,
    clicksOf(4, 'C1').map((click) => ({ ...click, actor: 'bot' })),
  );
  expect(await markov()).toEqual(before);
  expect(await markov({ mature: true })).toEqual({
    C1: [0.333333333, '3.34'],
    C2: [0.333333333, '3.33'],
    C3: [0.333333333, '3.33'],
  });
  await writeClicks(
    lakeDir,
    [1, 2].map(() => clickOf({ message_id: 'C2', ts: NOW - HOUR })),
  );
  await writeReceived(lakeDir, 'touches', [importedOf({ subscriber_no: 3, message_id: 'C4', ts: NOW - 30 * 60_000 })]);
  const after = await markov();
  expect(after.C4).toEqual([0, '0.00']);
  expect(after).not.toEqual(before);
});

test('paths: who assists, who had clicked before, and how many clicks it took', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [
    ...clicksOf(1, 'm1', 'm2', 'm1', 'm3'),
    ...clicksOf(2, 'm1'),
    ...clicksOf(3, 'm3'),
    ...clicksOf(4, 'm1', 'm3'),
    ...clicksOf(5, 'm3').map((click) => ({ ...click, actor: 'bot' })),
    clickOf({ subscriber_no: 3, message_id: 'm1', ts: NOW - 5 * DAY }),
  ]);
  await writeReceived(lakeDir, 'conversions', [orderOf(1), orderOf(2), { ...orderOf(4), status: 'rejected' }]);
  const rows = await groups('paths', lakeDir);
  const figures = (message: string) => rows.find((row) => row.message === message);
  expect(figures('m1')).toMatchObject({
    conversions: 2,
    first_touch: 2,
    last_touch: 1,
    assists: 1,
    clickers: 3,
    prior_clickers: 0,
    clicks_before_converting: 2.5,
  });
  expect(figures('m2')).toMatchObject({
    conversions: 1,
    first_touch: 0,
    last_touch: 0,
    assists: 1,
    clickers: 1,
    prior_clickers: 1,
    clicks_before_converting: 4,
  });
  expect(figures('m3')).toMatchObject({
    conversions: 1,
    last_touch: 1,
    assists: 0,
    clickers: 3,
    prior_clickers: 3,
    clicks_before_converting: 4,
  });
  expect(await total('paths', lakeDir)).toMatchObject({
    conversions: 2,
    first_touch: 2,
    last_touch: 2,
    assists: 1,
    clickers: 4,
    clicks_before_converting: 2.5,
    message: null,
  });
  expect(await groups('paths', lakeDir, { filters: { message: ['m2'] } })).toHaveLength(1);
});

test('paths: in the total each conversion’s clicks count once, whatever a filter leaves of its path', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [
    ...clicksOf(1, 'm1', 'm1', 'm2'),
    ...clicksOf(2, 'm1'),
    ...clicksOf(3, 'm2', 'm1', 'm3'),
  ]);
  await writeReceived(lakeDir, 'conversions', [orderOf(1), orderOf(2), orderOf(3)]);
  const totalOf = (...messages: string[]) => total('paths', lakeDir, { filters: { message: messages } });
  // The first and the last conversion end with another message than m1.
  const [row] = await groups('paths', lakeDir, { filters: { message: ['m1'] } });
  expect(row?.clicks_before_converting).toBeCloseTo(7 / 3, 12);
  expect((await totalOf('m1'))?.clicks_before_converting).toBeCloseTo(7 / 3, 12);
  expect(await totalOf('m1', 'm2')).toMatchObject({ conversions: 3, clicks_before_converting: 7 / 3 });
  expect(await totalOf('m2')).toMatchObject({ conversions: 2, clicks_before_converting: 3 });
  expect(await totalOf('m3')).toMatchObject({ conversions: 1, clicks_before_converting: 3 });
  expect(await totalOf('m9')).toMatchObject({ conversions: 0, clicks_before_converting: null });
  expect(await total('paths', lakeDir)).toMatchObject({ conversions: 3, clicks_before_converting: 7 / 3 });
});

import { rmSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { clickOf, writeClicks } from '../clicks-sample.ts';
import { temporaryFolder } from '../lake-writer.ts';
import { type SendRow, sendOf, writeSends } from '../sends-sample.ts';
import { type Asked, reportRows } from './asked.ts';
import { DAY, type Entry, entryOf, HOUR, importedOf, NOW, writeReceived } from './sample.ts';

// Ends of ranges and ties, by explicit examples: random ledgers seldom meet them.

const MINUTE = 60_000;
const WEEK = 7 * DAY;
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

type Click = Parameters<typeof clickOf>[0];

/** A lake of these clicks, of subscriber 7 on link 1 but for what is given, and of what came of them. */
async function lakeOf(clicks: readonly Click[], entries: readonly Partial<Entry>[] = [{}]): Promise<string> {
  const lakeDir = temporaryFolder('ends');
  folders.push(lakeDir);
  await writeClicks(
    lakeDir,
    clicks.map((click) => clickOf({ subscriber_no: 7, link_no: 1, ...click })),
  );
  await writeReceived(
    lakeDir,
    'conversions',
    entries.map((entry, at) => entryOf({ conversion_id: `o${at}`, ...entry })),
  );
  return lakeDir;
}

/** Conversions by message, or by the reason why there is none. */
async function credits(lakeDir: string, asked: Asked = {}) {
  const rows = await reportRows('attribution', lakeDir, { by: ['message'], ...asked });
  const shown = rows.filter(({ is_total }) => !is_total);
  return Object.fromEntries(shown.map(({ message, reason, conversions }) => [reason ?? message, conversions]));
}

test('a click is no later than its conversion where clocks differ by a minute, and not by a millisecond more', async () => {
  expect(await credits(await lakeOf([{ ts: NOW + MINUTE, message_id: 'm' }]))).toEqual({ m: 1 });
  expect(await credits(await lakeOf([{ ts: NOW + MINUTE + 1, message_id: 'm' }]))).toEqual({
    touch_after_conversion: 1,
  });
});

/** Two who converted after one message each, and a third who clicked these and did not. */
const withNullPath = (...clicks: readonly Click[]) =>
  lakeOf(
    [
      { subscriber_no: 1, ts: NOW - HOUR, message_id: 'm1' },
      { subscriber_no: 2, ts: NOW - HOUR, message_id: 'm2' },
      ...clicks.map((click) => ({ subscriber_no: 3, ...click })),
    ],
    [{ subscriber_no: 1 }, { subscriber_no: 2 }],
  );
// Two of three journeys convert (2/3); without m1 one in six, without m2 one in three: effects of 3/4 and 1/2, of two conversions.
const WITH_NULL_PATH = { m1: 1.2, m2: 0.8 };
const WITHOUT = { m1: 1, m2: 1 };

test('a null path is open to the last millisecond in which a conversion may still follow', async () => {
  const lakeDir = await withNullPath({ ts: NOW - 3 * HOUR, message_id: 'm1' }, { ts: NOW - HOUR, message_id: 'm2' });
  const closes = NOW - HOUR + WEEK;
  const markov = (asOf: number) => credits(lakeDir, { choice: { model: 'markov', mature: true }, asOf });
  expect(await markov(closes)).toEqual(WITHOUT);
  expect(await markov(closes + 1)).toEqual(WITH_NULL_PATH);
});

test('a touch roams where its window reaches the first millisecond of the range', async () => {
  const from = NOW - DAY / 2;
  const prior = async (ts: number) => {
    const lakeDir = await lakeOf(
      [
        { ts, message_id: 'm1' },
        { ts: NOW - HOUR, message_id: 'm2' },
      ],
      [],
    );
    const rows = await reportRows('paths', lakeDir, { by: ['message'], from });
    return rows.find(({ message }) => message === 'm2')?.prior_clickers;
  };
  expect([await prior(from - WEEK), await prior(from - WEEK - 1)]).toEqual([1, 0]);
});

test('of a network the click it named is the last, whatever was clicked after it', async () => {
  const named = { click_id: 'named', ts: NOW - 3 * HOUR, offer_id: 'o', message_id: 'named' };
  const clicks = [named, { ts: NOW - HOUR, offer_id: 'o', message_id: 'later' }];
  const entry = { match: 'click_id', click_id: 'named', clicked_at: named.ts, offer_id: 'o', link_no: 1 };
  const ofNetwork = await lakeOf(clicks, [{ ...entry, source_kind: 'network' }]);
  expect(await credits(ofNetwork)).toEqual({ named: 1, later: 0 });
  expect(await credits(ofNetwork, { choice: { model: 'first' } })).toEqual({ later: 1, named: 0 });
  expect(await credits(await lakeOf(clicks, [entry]))).toEqual({ later: 1, named: 0 });
});

test('touches of one millisecond are in the order of their links, those without one last, whatever their ids', async () => {
  const ts = NOW - HOUR;
  const clicks = [
    { ts, link_no: 10, click_id: 'm', message_id: 'tenth' },
    { ts, link_no: 2, click_id: 'z', message_id: 'second' },
  ];
  const lakeDir = await lakeOf(clicks);
  await writeReceived(lakeDir, 'touches', [importedOf({ id: 'a', ts, message_id: 'mail' })]);
  expect(await credits(lakeDir)).toEqual({ mail: 1, second: 0, tenth: 0 });
  expect(await credits(lakeDir, { choice: { model: 'first' } })).toEqual({ second: 1, mail: 0, tenth: 0 });
});

test('touches of one millisecond and link are in the order of their ids', async () => {
  const ts = NOW - HOUR;
  const lakeDir = await lakeOf([
    { ts, click_id: 'b', message_id: 'b' },
    { ts, click_id: 'a', message_id: 'a' },
  ]);
  expect(await credits(lakeDir)).toEqual({ b: 1, a: 0 });
});

test('null paths are walked in the same order', async () => {
  const ts = NOW - HOUR;
  const choice = { model: 'markov' };
  const byLink = await withNullPath(
    { ts, link_no: 10, click_id: 'm', message_id: 'm2' },
    { ts, link_no: 2, click_id: 'z', message_id: 'm1' },
  );
  expect(await credits(byLink, { choice })).toEqual(WITH_NULL_PATH);
  const byId = await withNullPath({ ts, click_id: 'b', message_id: 'm2' }, { ts, click_id: 'a', message_id: 'm1' });
  expect(await credits(byId, { choice })).toEqual(WITH_NULL_PATH);
  const mailLast = await withNullPath({ ts, click_id: 'z', message_id: 'm1' });
  await writeReceived(mailLast, 'touches', [importedOf({ id: 'a', subscriber_no: 3, ts, message_id: 'm2' })]);
  expect(await credits(mailLast, { choice })).toEqual(WITH_NULL_PATH);
});

test('a touch answers to the latest message that is no more than a minute after it', async () => {
  const first = NOW - 3 * DAY;
  const second = NOW - DAY;
  const bySend = async (ts: number, from: number) => {
    const lakeDir = await lakeOf([{ ts, message_id: 'm' }]);
    const send = (given: Partial<SendRow>) =>
      sendOf({ subscriber_no: 7, campaign_id: null, message_id: 'm', ...given });
    await writeSends(lakeDir, [send({ id: 's1', ts: first }), send({ id: 's2', ts: second })]);
    return credits(lakeDir, { basis: 'send', from, to: from + 1 });
  };
  const yes = { m: 1 };
  const no = {};
  // A minute before a message it is its answer, at either message; a millisecond earlier it is not.
  expect([await bySend(first - MINUTE, first), await bySend(first - MINUTE - 1, first)]).toEqual([yes, no]);
  expect([await bySend(second - MINUTE, second), await bySend(second - MINUTE - 1, second)]).toEqual([yes, no]);
  expect([await bySend(second - MINUTE, first), await bySend(second - MINUTE - 1, first)]).toEqual([no, yes]);
  // What answers to none stands at its own time.
  expect(await bySend(first - MINUTE - 1, first - MINUTE - 1)).toEqual(yes);
});

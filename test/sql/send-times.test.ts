import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { savedQueries } from '../../sql/catalog.ts';
import { type Lake, openLake } from '../../sql/duckdb.ts';
import { clickOf, writeClicks } from './clicks-sample.ts';
import { temporaryFolder } from './lake-writer.ts';
import { recipientOf, writeMintings } from './recipients-sample.ts';
import { sendOf, writeSends } from './sends-sample.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** The query reads the days before today, so the sample lies there. */
const NOW = Date.now() - DAY;
const MONTH_AGO = NOW - 25 * DAY;

const lakeDir = temporaryFolder('send-times');
let lake: Lake;
let found: ReadonlyMap<unknown, Record<string, unknown>>;

const click = (click_id: string, given: object) =>
  clickOf({ click_id, ts: NOW, subscriber_no: 7, link_no: 5, ...given });

beforeAll(async () => {
  await writeSends(lakeDir, [
    sendOf({ id: 'first', link_no: 5, subscriber_no: 7, ts: MONTH_AGO }),
    sendOf({ id: 'second', link_no: 5, subscriber_no: 7, ts: NOW - 10 * MINUTE }),
    // Its receipt came the day after: the message was sent when it was sent.
    sendOf({
      id: 'second',
      type: 'delivered',
      link_no: 5,
      subscriber_no: 7,
      ts: NOW + 5 * MINUTE,
      received_at: NOW + DAY / 2,
    }),
    sendOf({ id: 'after', link_no: 5, subscriber_no: 7, ts: NOW + 2 * MINUTE }),
    sendOf({ id: 'queued', type: 'queued', link_no: 5, subscriber_no: 7, ts: NOW - MINUTE }),
    sendOf({ id: 'other link', link_no: 6, subscriber_no: 7, ts: NOW - MINUTE }),
    sendOf({ id: 'by id', link_no: 5, subscriber_id: 'ann', ts: NOW - 3 * MINUTE }),
    sendOf({ id: 'by message', campaign_id: 'a', message_id: 'm', subscriber_no: 9, ts: NOW - 4 * MINUTE }),
  ]);
  await writeMintings(lakeDir, [
    {
      recipient: recipientOf({ link_no: 5, subscriber_no: 8, subscriber_id: 'ann' }),
      dt: new Date(NOW).toISOString().slice(0, 10),
    },
  ]);
  await writeClicks(lakeDir, [
    click('latest before', {}),
    click('only the first', { ts: NOW - 20 * MINUTE }),
    click('before all', { ts: MONTH_AGO - 2 * MINUTE, sent_at: MONTH_AGO - 5 * MINUTE }),
    click('wrong clock', { ts: NOW - 10 * MINUTE - 30_000 }),
    click('by id', { subscriber_no: 8 }),
    click('by message', { subscriber_no: 9, campaign_id: 'a', message_id: 'm' }),
    click('shared slug', { subscriber_no: null, sent_at: NOW - 60 * MINUTE }),
    click('nothing known', { subscriber_no: 10 }),
    click('nowhere', { code_kind: 'unknown' }),
  ]);
  lake = await openLake({ lakeDir });
  const sql = savedQueries.find(({ name }) => name === 'Send times of clicks')?.sql ?? '';
  found = new Map((await lake.run({ sql, parameters: [] })).map((row) => [row.click_id, row]));
});
afterAll(() => {
  lake.close();
  rmSync(lakeDir, { recursive: true });
});

test.each([
  ['latest before', NOW - 10 * MINUTE, 'message'],
  ['only the first', MONTH_AGO, 'message'],
  ['wrong clock', NOW - 10 * MINUTE, 'message'],
  ['by id', NOW - 3 * MINUTE, 'message'],
  ['by message', NOW - 4 * MINUTE, 'message'],
  ['shared slug', NOW - 60 * MINUTE, 'link'],
  ['nothing known', null, null],
])('a click %s', (name, sent_at, sent_from) => {
  expect(found.get(name)).toMatchObject({ sent_at, sent_from });
});

test('the delay is in seconds; clicks of other days and on unknown codes are left out', () => {
  expect(found.get('latest before')?.delay_s).toBe(600);
  expect(found.get('wrong clock')?.delay_s).toBe(-30);
  expect([...found.keys()]).not.toEqual(expect.arrayContaining(['before all']));
  expect(found.has('nowhere')).toBe(false);
});

import { expect, test } from 'vitest';
import type { ClickRecord } from '../../lambdas/contract/clicks.ts';
import { type ReportRequest, ReportRequestError, renderReport } from '../../sql/catalog.ts';
import { openLake } from '../../sql/duckdb.ts';
import { ASKED, HOUR, shownRows, testFolders } from './asked.ts';
import { clickOf, type Delivered, utcDay, writeClicks, writeDelivered } from './clicks-sample.ts';

const folder = testFolders();

async function report(lakeDir: string, asked: Partial<ReportRequest> = {}): Promise<Record<string, unknown>[]> {
  const lake = await openLake({ lakeDir });
  try {
    return await shownRows(lake, 'clicks', { ...ASKED, ...asked });
  } finally {
    lake.close();
  }
}

const total = async (lakeDir: string, asked: Partial<ReportRequest> = {}) => (await report(lakeDir, asked))[0];

test('an empty lake has a total of zero and no group', async () => {
  expect(await report(folder(), { by: ['campaign'] })).toEqual([
    expect.objectContaining({ is_total: true, clicks_total: 0, clicks_unique: 0, campaign: null, campaign_id: null }),
  ]);
});

test('total is human, suspect and bot; anonymous are people without a subscriber; unique is per subscriber and campaign', async () => {
  const lakeDir = folder();
  const person = { subscriber_no: 7, campaign_id: 'a' };
  await writeClicks(lakeDir, [
    clickOf(person),
    clickOf(person),
    clickOf({ ...person, campaign_id: 'b' }),
    clickOf({ ...person, campaign_id: null }),
    clickOf({ subscriber_no: 8, campaign_id: 'a', actor: 'bot', reasons: ['ua_known_bot'] }),
    clickOf({ subscriber_no: 9, campaign_id: 'a', actor: 'suspect' }),
    clickOf(),
  ]);
  expect(await total(lakeDir)).toEqual({
    clicks_total: 7,
    clicks_human: 5,
    clicks_suspect: 1,
    clicks_bot: 1,
    clicks_unique: 3,
    clicks_anonymous: 1,
    first_clicks: null,
    is_total: true,
  });
});

test('fallbacks of known codes count; unknown codes only under outcome; validation pages never', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [
    clickOf(),
    clickOf({ outcome: 'fallback:paused' }),
    clickOf({ outcome: 'fallback:unknown', code_kind: 'unknown', link_no: null }),
    clickOf({ outcome: 'fallback:unavailable', code_kind: 'unknown', link_no: null }),
    clickOf({ outcome: 'fallback:unavailable' }),
    clickOf({ outcome: 'validation' }),
    clickOf({ outcome: 'confirmed' }),
  ]);
  expect((await total(lakeDir))?.clicks_total).toBe(4);
  const rows = await report(lakeDir, { by: ['outcome'] });
  expect(rows.slice(1).map(({ outcome }) => outcome)).toEqual([
    'fallback:unavailable',
    'confirmed',
    'fallback:paused',
    'fallback:unknown',
    'redirected',
  ]);
  expect(rows[0]?.clicks_total).toBe(6);
});

test('a click delivered on both sides of midnight counts once, in the preferred form', async () => {
  const lakeDir = folder();
  const click = clickOf({ ts: Date.UTC(2026, 5, 15, 23, 59, 59, 999) });
  await writeDelivered(lakeDir, [
    { click: { ...click, recovered: true, actor: 'bot' }, dt: '2026-06-15' },
    { click, dt: '2026-06-16' },
    { click, dt: '2026-06-16' },
  ]);
  expect(await total(lakeDir)).toMatchObject({ clicks_total: 1, clicks_human: 1 });
});

test('the range takes its first millisecond and leaves its last out, whatever the day of arrival', async () => {
  const lakeDir = folder();
  const { from, to } = ASKED;
  await writeDelivered(
    lakeDir,
    [from - 1, from, to - 1, to].flatMap((ts) =>
      [-1, 0, 1, 7].map((days): Delivered => ({ click: clickOf({ ts }), dt: utcDay(ts, days) })),
    ),
  );
  // From one day before, since clocks differ, to seven days after, since a replayed click comes late.
  expect((await total(lakeDir))?.clicks_total).toBe(8);
});

test.each([
  ['UTC', '2026-06-15', 23, 1],
  ['Asia/Kolkata', '2026-06-16', 4, 2],
  ['America/New_York', '2026-06-15', 19, 1],
  ['Pacific/Chatham', '2026-06-16', 11, 2],
])('day, hour and weekday in %s', async (tz, day, hour_of_day, weekday) => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [clickOf({ ts: Date.UTC(2026, 5, 15, 23, 14, 59, 999) })]);
  expect((await report(lakeDir, { tz, by: ['day', 'hour_of_day', 'weekday'] }))[1]).toMatchObject({
    day,
    hour_of_day,
    weekday,
  });
});

test('the hour that daylight saving repeats is one hour of the day', async () => {
  const lakeDir = folder();
  const before = Date.UTC(2026, 9, 25, 0, 30);
  await writeClicks(lakeDir, [clickOf({ ts: before }), clickOf({ ts: before + HOUR })]);
  const rows = await report(lakeDir, {
    from: before - HOUR,
    to: before + 3 * HOUR,
    tz: 'Europe/Berlin',
    by: ['hour_of_day'],
  });
  expect(rows.slice(1)).toEqual([expect.objectContaining({ hour_of_day: 2, clicks_total: 2 })]);
});

test('by reason a click counts under the weightiest, so that groups add up', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [
    clickOf(),
    clickOf({ actor: 'bot', reasons: ['method_head', 'ua_known_bot'] }),
    clickOf({ actor: 'bot', reasons: ['ua_known_bot', 'prefetch_header'] }),
  ]);
  const rows = await report(lakeDir, { by: ['reason'] });
  expect(rows.map(({ reason, clicks_total }) => [reason, clicks_total])).toEqual([
    [null, 3],
    [null, 1],
    ['method_head', 1],
    ['ua_known_bot', 1],
  ]);
  expect((await total(lakeDir, { filters: { reason: ['ua_known_bot', 'prefetch_header'] } }))?.clicks_total).toBe(1);
});

test('a row without a list of reasons is not lost under reason', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [{ ...clickOf(), reasons: null } as unknown as ClickRecord]);
  expect((await report(lakeDir, { by: ['reason'] })).map(({ clicks_total }) => clicks_total)).toEqual([1, 1]);
});

test('short names work like the ids, and rows carry both', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [clickOf({ campaign_id: 'a', subscriber_no: 1 }), clickOf({ campaign_id: 'b' })]);
  const rows = await report(lakeDir, { by: ['link', 'campaign', 'campaign_id'], filters: { campaign: ['a'] } });
  expect(rows).toHaveLength(2);
  expect(rows[1]).toMatchObject({
    link: 4_194_304,
    link_no: 4_194_304,
    campaign: 'a',
    campaign_id: 'a',
    first_clicks: 1,
  });
});

test('the empty text in a filter stands for rows without a value; an empty list restricts nothing', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [clickOf({ creative: 'v1' }), clickOf(), clickOf({ creative: 'v2' })]);
  expect((await total(lakeDir, { filters: { creative: ['', 'v2'] } }))?.clicks_total).toBe(2);
  expect((await total(lakeDir, { filters: { creative: [] } }))?.clicks_total).toBe(3);
});

test('pages are disjoint and complete, and each has the total', async () => {
  const lakeDir = folder();
  await writeClicks(
    lakeDir,
    Array.from({ length: 7 }, (_, at) => clickOf({ creative: `v${at}` })),
  );
  const pages = await Promise.all([0, 3, 6].map((offset) => report(lakeDir, { by: ['creative'], limit: 3, offset })));
  expect(pages.map((rows) => rows[0]?.is_total)).toEqual([true, true, true]);
  const creatives = pages.flatMap((rows) => rows.slice(1).map(({ creative }) => creative));
  expect(creatives).toEqual(['v0', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6']);
});

test('values reach the engine as parameters only', async () => {
  const hostile = `x') or true --`;
  const { sql, parameters } = renderReport('clicks', { ...ASKED, filters: { creative: [hostile] } });
  expect(sql).not.toContain(hostile);
  expect(sql.split('?')).toHaveLength(parameters.length + 1);
  const lakeDir = folder();
  await writeClicks(lakeDir, [clickOf({ creative: 'v1' })]);
  expect((await total(lakeDir, { filters: { creative: [hostile] } }))?.clicks_total).toBe(0);
});

test('what the report does not have is refused', () => {
  for (const name of [
    'attr.',
    'attr.a b',
    `attr.x') --`,
    'attr_0',
    'channel',
    'constructor',
    'click_id; drop table x',
  ]) {
    expect(() => renderReport('clicks', { ...ASKED, by: [name] })).toThrow(ReportRequestError);
    expect(() => renderReport('clicks', { ...ASKED, filters: { [name]: ['x'] } })).toThrow(ReportRequestError);
  }
  expect(() => renderReport('toString', ASKED)).toThrow(ReportRequestError);
});

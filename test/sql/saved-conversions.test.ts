import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { savedQueries } from '../../sql/catalog.ts';
import { type Lake, openLake } from '../../sql/duckdb.ts';
import { utcDay } from './clicks-sample.ts';
import { entryOf, writeEntries } from './entries-sample.ts';
import { temporaryFolder } from './lake-writer.ts';

const DAY = 86_400_000;
/** Saved queries count from the engine's own day. */
const TODAY = Math.floor(Date.now() / DAY) * DAY;
const SOLD = TODAY - 2 * DAY;
const lakeDir = temporaryFolder('saved-conversions');
let lake: Lake;

beforeAll(async () => {
  const sale = entryOf({ occurred_at: SOLD, match: 'none', unmatched_reason: 'identity_unknown' });
  const { conversion_id } = sale;
  const refund = { conversion_id, entry: 'refund', occurred_at: TODAY - DAY, revenue_minor: -990 } as const;
  await writeEntries(lakeDir, [
    sale,
    // Matched again the next day: the same entry, a version on.
    { ...sale, version: 2, received_at: TODAY - DAY, match: 'identity', unmatched_reason: null },
    entryOf(refund),
    entryOf({ occurred_at: SOLD, match: 'none', unmatched_reason: 'no_click_id', match_conflict: true }),
    entryOf({ occurred_at: TODAY - 30 * DAY }),
  ]);
  lake = await openLake({ lakeDir });
});

afterAll(() => {
  lake.close();
  rmSync(lakeDir, { recursive: true });
});

const run = (name: string) =>
  lake.run({ sql: savedQueries.find((query) => query.name === name)?.sql ?? '', parameters: [] });

test('revenue by day counts every entry once, and what is taken back on its own day', async () => {
  const rows = (await run('Revenue by day')).map((row) => [
    utcDay(Number(new Date(String(row.day)))),
    row.conversions,
    row.revenue_minor,
    row.taken_back_minor,
  ]);
  expect(rows).toEqual([
    [utcDay(TODAY - DAY), 0, -990, -990],
    [utcDay(SOLD), 2, 9_980, null],
  ]);
});

test('matches of sources count a conversion under its newest match alone', async () => {
  expect(await run('Matches of sources')).toMatchObject([
    { match: 'identity', unmatched_reason: null, conversions: 1, conflicts: 0 },
    { match: 'none', unmatched_reason: 'no_click_id', conversions: 1, conflicts: 1 },
  ]);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shapeOf } from '../../bench/reports/lake-shape.ts';
import { makeLake } from '../../bench/reports/make-lake.ts';
import { requestOf } from '../../bench/reports/request.ts';
import { finishReport, renderReport } from '../../sql/catalog.ts';
import { openLake } from '../../sql/duckdb.ts';

const shape = { ...shapeOf(2_000), days: 4 };
const folder = mkdtempSync(join(tmpdir(), 'onehop-made-lake-'));
const [once, again] = [join(folder, 'once'), join(folder, 'again')];

beforeAll(async () => {
  await makeLake(once, shape);
  await makeLake(again, shape);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function rowsOf(lakeDir: string, sql: string): Promise<Record<string, unknown>[]> {
  const lake = await openLake({ lakeDir });
  try {
    return await lake.run({ sql, parameters: [] });
  } finally {
    lake.close();
  }
}

const SUMMARY = `select
  (select count(distinct click_id) from clicks_raw) as clicks,
  (select sum(hash(click_id, ts, actor, subscriber_no, dt))::varchar from clicks_raw) as of_clicks,
  (select count(distinct conversion_id) from conversions_raw) as conversions,
  (select sum(hash(entry_id, converted_at, click_id, payout_minor, dt))::varchar from conversions_raw) as of_conversions,
  (select count(distinct id) from sends_raw) as sends`;

it('is as large as its shape says, and the same for the same seed', async () => {
  const [row] = await rowsOf(once, SUMMARY);
  expect(row).toMatchObject({ clicks: 2_000, conversions: 60, sends: 200 });
  expect(await rowsOf(again, SUMMARY)).toEqual([row]);
});

it('has conversions that name clicks of the lake, on the day of their arrival', async () => {
  const lost = `select count(*) as n from conversions_raw c left join clicks_raw k using (click_id)
    where c.click_id is not null and (k.ts is distinct from c.clicked_at or k.nonce is distinct from c.nonce)`;
  expect(await rowsOf(once, lost)).toEqual([{ n: 0 }]);
  const misplaced = `select count(*) as n from clicks_raw where strftime(make_timestamp(ts * 1000), '%Y-%m-%d') <> dt`;
  expect(await rowsOf(once, misplaced)).toEqual([{ n: 0 }]);
});

it('gives the reports something to credit', async () => {
  const lake = await openLake({ lakeDir: once });
  const request = requestOf(shape);
  for (const report of ['performance', 'attribution']) {
    const rows = await lake.run(renderReport(report, request));
    const shown = await finishReport(report, request, rows, { plannedArms: async () => new Map() });
    const total = shown.find(({ is_total }) => is_total);
    expect(Number(total?.conversions)).toBeGreaterThan(10);
  }
  lake.close();
});

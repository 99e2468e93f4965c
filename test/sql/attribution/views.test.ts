import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lake, openLake } from '../../../sql/duckdb.ts';
import { clickOf, utcDay, writeClicks } from '../clicks-sample.ts';
import { temporaryFolder } from '../lake-writer.ts';
import { recipientOf, writeRecipients } from '../recipients-sample.ts';
import { entryOf, importedOf, NOW, writeArrived, writeReceived } from './sample.ts';

const lakeDir = temporaryFolder('attribution-views');
const today = utcDay(NOW);
let lake: Lake;
const rows = (sql: string) => lake.run({ sql, parameters: [] });

beforeAll(async () => {
  const entry = entryOf();
  await writeArrived(lakeDir, 'conversions', [
    { row: { ...entry, match: 'none' }, dt: today },
    { row: { ...entry, version: 2 }, dt: today },
    { row: { ...entry, version: 2 }, dt: today },
    { row: { ...entry, version: 3 }, dt: utcDay(NOW, 1) },
  ]);
  const touch = importedOf({ ts: NOW + 5 });
  await writeArrived(lakeDir, 'touches', [
    { row: { ...touch, channel: 'later', received_at: NOW + 9 }, dt: today },
    { row: touch, dt: today },
  ]);
  await writeClicks(lakeDir, [
    clickOf({ ts: NOW, click_id: 'c1', actor: 'bot', subscriber_no: 7 }),
    clickOf({ ts: NOW, outcome: 'validation' }),
    clickOf({ ts: NOW, code_kind: 'unknown' }),
  ]);
  await writeRecipients(lakeDir, [
    recipientOf({ minted_at: NOW, promo_code: 'CODE-1' }),
    recipientOf({ minted_at: NOW, subscriber_no: 2 }),
    recipientOf({ minted_at: NOW, subscriber_no: 3, promo_code: 'CODE-3', code: null }),
  ]);
  await writeReceived(lakeDir, 'conversions', [entryOf({ conversion_id: 'old', occurred_at: NOW - 86_400_000 })]);
  lake = await openLake({ lakeDir });
});

afterAll(() => {
  lake.close();
  rmSync(lakeDir, { recursive: true });
});

test('conversions has one row for an entry delivered several times a day: the highest version', async () => {
  const found = await rows(`select * from conversions where dt = '${today}'`);
  expect(found).toEqual([
    expect.objectContaining({
      entry_id: 'o1-1',
      version: 2,
      match: 'identity',
      occurred_time: new Date(NOW).toISOString(),
    }),
  ]);
  expect(await rows(`select version from conversions where entry_id = 'o1-1' order by dt`)).toEqual([
    { version: 2 },
    { version: 3 },
  ]);
});

test('touches has one row for an imported touch: the first telling', async () => {
  const [row, ...others] = await rows(`select * from touches where dt = '${today}'`);
  expect(others).toEqual([]);
  expect(row).toMatchObject({ id: 'e1', channel: 'email', touched_time: new Date(NOW + 5).toISOString() });
});

test('attribution_touches has clicks on known codes, imported touches and messages that carried a code', async () => {
  const found = await rows(
    `select kind, imported, touch_id, actor, channel from attribution_touches where dt = '${today}' order by 1, 3`,
  );
  expect(found).toEqual([
    { kind: 'click', imported: false, touch_id: 'c1', actor: 'bot', channel: 'sms' },
    { kind: 'click', imported: true, touch_id: 'e1', actor: null, channel: 'email' },
    { kind: 'code', imported: false, touch_id: 'CODE-1', actor: null, channel: 'sms' },
  ]);
});

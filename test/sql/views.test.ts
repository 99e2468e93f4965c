import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clickColumns } from '../../lambdas/contract/clicks.ts';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import { hiveType, rawName, renderReport, savedQueries, views } from '../../sql/catalog.ts';
import { type Lake, openLake } from '../../sql/duckdb.ts';
import { clickOf, utcDay, writeDelivered } from './clicks-sample.ts';
import { entryOf, writeEntries } from './entries-sample.ts';
import { temporaryFolder, writeRows } from './lake-writer.ts';
import { recipientOf, writeMintings } from './recipients-sample.ts';
import { sendOf, writeSends } from './sends-sample.ts';

const NOON = Date.UTC(2024, 5, 15, 12);
const DAY = 86_400_000;
const DUCKDB_TYPES = {
  varchar: 'VARCHAR',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  'array(varchar)': 'VARCHAR[]',
  'timestamp(3)': 'TIMESTAMP_MS',
};

const lakeDir = temporaryFolder('views');
let lake: Lake;

const rows = (sql: string) => lake.run({ sql, parameters: [] });

beforeAll(async () => {
  const twice = clickOf({ click_id: 'twice', ts: NOON + 123, total_ms: 1.5, reasons: ['a', 'b'], actor: 'bot' });
  const midnight = clickOf({ click_id: 'midnight', ts: NOON });
  await writeDelivered(lakeDir, [
    { click: { ...twice, recovered: true }, dt: '2024-06-15' },
    { click: { ...twice, rules_version: 'test-0' }, dt: '2024-06-15' },
    { click: twice, dt: '2024-06-15' },
    { click: midnight, dt: '2024-06-15' },
    { click: midnight, dt: '2024-06-16' },
    { click: clickOf({ outcome: 'fallback:unknown', code_kind: 'unknown' }), dt: '2024-06-15' },
    ...Array.from({ length: 8 }, (_, at) => ({
      click: clickOf({ ts: NOON - (at + 5) * DAY }),
      dt: utcDay(NOON, -at - 5),
    })),
  ]);
  const log = {
    timestamp_ms: `${NOON}`,
    x_edge_request_id: 'abc',
    sc_status: '302',
    asn: '-',
    cs_uri_query: '-',
    time_taken: '0.025',
    cs_method: 'GET',
  };
  await writeRows(lakeDir, lakeTables.access_logs, '2024-06-15', [log]);
  const minted = recipientOf({ minted_at: NOON, attributes: '{"plan":"gold"}' });
  await writeMintings(lakeDir, [
    { recipient: { ...minted, minted_at: NOON + 1, attributes: '{}' }, dt: '2024-06-15' },
    ...Array.from({ length: 9 }, (_, at) => ({ recipient: minted, dt: utcDay(NOON, -at) })),
    { recipient: minted, dt: '2024-06-15' },
  ]);
  for (let at = 1; at < 9; at += 1) await writeRows(lakeDir, lakeTables.access_logs, utcDay(NOON, -at), [log]);
  await writeSends(
    lakeDir,
    Array.from({ length: 9 }, (_, at) => sendOf({ ts: NOON - at * DAY })),
  );
  const days = Array.from({ length: 9 }, (_, at) => NOON - at * DAY);
  await writeEntries(lakeDir, days.map(boughtAt));
  for (const ts of days) await writeRows(lakeDir, lakeTables.touches, utcDay(ts), [touchAt(ts)]);
  lake = await openLake({ lakeDir });
});

const boughtAt = (occurred_at: number) => entryOf({ occurred_at });
const touchAt = (ts: number) => ({ id: 'touch', kind: 'click', channel: 'email', ts, received_at: ts });

afterAll(() => {
  lake.close();
  rmSync(lakeDir, { recursive: true });
});

test('clicks has one row for a click delivered several times: the edge’s own, by the newest rules', async () => {
  const [row, ...others] = await rows(`select * from clicks where dt = '2024-06-15' and click_id = 'twice'`);
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    recovered: false,
    rules_version: 'test-1',
    reasons: ['a', 'b'],
    total_ms: 1.5,
    ts: NOON + 123,
    dt: '2024-06-15',
  });
  expect(row?.clicked_at).toBe('2024-06-15T12:00:00.123Z');
});

test('a click delivered on both sides of midnight stands on both days, as its header says', async () => {
  expect(await rows(`select dt from clicks where click_id = 'midnight' order by dt`)).toEqual([
    { dt: '2024-06-15' },
    { dt: '2024-06-16' },
  ]);
});

test('human_clicks leaves out bots and unknown codes', async () => {
  expect(await rows(`select click_id from human_clicks where dt = '2024-06-15'`)).toEqual([{ click_id: 'midnight' }]);
});

test('recipients has one row for a subscriber minted on a link several times a day: the first', async () => {
  const found = await rows(`select * from recipients where dt = '2024-06-15'`);
  expect(found).toEqual([
    expect.objectContaining({ minted_at: NOON, attributes: '{"plan":"gold"}', dt: '2024-06-15' }),
  ]);
  expect(found[0]?.minted_time).toBe('2024-06-15T12:00:00.000Z');
});

test('access_logs is typed, and a dash is null', async () => {
  expect((await rows(`select * from access_logs where dt = '2024-06-15'`))[0]).toMatchObject({
    request_id: 'abc',
    ts: NOON,
    status: 302,
    asn: null,
    query: null,
    time_taken_ms: 25,
    requested_at: '2024-06-15T12:00:00.000Z',
  });
});

test.each(views)('view $name has the columns and types the catalogue declares, in order', async ({ name, columns }) => {
  const described = await rows(`describe ${name}`);
  expect(described.map(({ column_name, column_type }) => [column_name, column_type])).toEqual(
    columns.map((column) => [column.name, DUCKDB_TYPES[column.type]]),
  );
});

test('the view of clicks offers every column of the contract, with its type', () => {
  const offered = views.find(({ name }) => name === 'clicks')?.columns ?? [];
  expect(offered.slice(0, clickColumns.length).map(({ name, type }) => [name, hiveType(type)])).toEqual(
    clickColumns.map(({ name, type }) => [name, type]),
  );
});

test('each view comes after what it reads', () => {
  const known = new Set(Object.values(lakeTables).map(rawName));
  for (const { name, source, sql } of views) {
    for (const one of source.split(/, | and /)) {
      expect(known).toContain(one);
      expect(sql).toMatch(new RegExp(`from ${one}\\b`));
    }
    known.add(name);
  }
});

/** Files that a statement reads, as DuckDB's plan counts them: `Scanning Files: 1/9`. */
async function filesRead(sql: string, parameters: readonly (string | number)[] = []): Promise<string[]> {
  const plan = JSON.stringify(await lake.run({ sql: `explain ${sql}`, parameters }));
  return [...plan.matchAll(/Scanning Files:\s*(\d+\/\d+)/g)].map(([, counts]) => counts ?? '');
}

test.each(views)('a day asked of view $name reads that day’s file alone', async ({ name, source }) => {
  const read = await filesRead(`select * from ${name} where dt = '2024-06-15'`);
  expect(read).toEqual(source.split(/, | and /).map(() => expect.stringMatching(/^1\//)));
});

test('without dt among its partition a view’s window keeps the filter from the files', async () => {
  const broken = views[0]?.sql.replace('partition by dt, click_id', 'partition by click_id');
  expect(await filesRead(`select * from (${broken}) where dt = '2024-06-15'`)).toEqual([]);
});

test('the report reads the days of its range and one on each side', async () => {
  const { sql, parameters } = renderReport('clicks', {
    from: NOON,
    to: NOON + 1,
    tz: 'UTC',
    by: ['campaign'],
    filters: {},
    limit: 10,
    offset: 0,
  });
  expect(await filesRead(sql, parameters)).toEqual([expect.stringMatching(/^2\//)]);
});

test.each(['clicks', 'recipients', 'experiments'])(
  'report %s reads no recipients that arrived after its range',
  async (name) => {
    const asked = { tz: 'UTC', by: ['arm'], filters: {}, limit: 10, offset: 0 };
    const { sql, parameters } = renderReport(name, { ...asked, from: NOON - 16 * DAY, to: NOON - 10 * DAY });
    // Of the files of nine days, the last three arrived more than seven days after the end.
    expect((await filesRead(sql, parameters)).at(-1)).toBe('6/9');
  },
);

test.each(savedQueries)('saved query "$name" runs and prunes', async ({ sql }) => {
  await expect(rows(sql)).resolves.toEqual([]);
  // Nothing of the sample is of the last seven days, so no file of it may be opened.
  const read = await filesRead(sql);
  expect(read.length).toBeGreaterThan(0);
  for (const counts of read) expect(counts).toMatch(/^0\//);
});

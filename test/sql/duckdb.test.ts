import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, expect, test } from 'vitest';
import { clickColumns } from '../../lambdas/contract/clicks.ts';
import { type Lake, openLake } from '../../sql/duckdb.ts';
import { despiteCompaction } from '../../sql/vanished.ts';
import { clickOf, writeClicks, writeDelivered } from './clicks-sample.ts';
import { temporaryFolder } from './lake-writer.ts';
import { asAthenaReads } from './unhinted.ts';

const made: { lakes: Lake[]; folders: string[] } = { lakes: [], folders: [] };

afterEach(() => {
  for (const lake of made.lakes.splice(0)) lake.close();
  for (const folder of made.folders.splice(0)) rmSync(folder, { recursive: true });
});

function folder(name = 'duckdb'): string {
  const path = temporaryFolder(name);
  made.folders.push(path);
  return path;
}

async function opened(lakeDir: string): Promise<Lake> {
  const lake = await openLake({ lakeDir });
  made.lakes.push(lake);
  return lake;
}

const count = async (lake: Lake, relation = 'clicks') =>
  (await lake.run({ sql: `select count(*) as n from ${relation}`, parameters: [] }))[0]?.n;

test('a lake that does not exist is empty, and its tables have the types of the contract', async () => {
  const lake = await opened(join(folder(), 'nowhere'));
  expect(await count(lake)).toBe(0);
  const described = await lake.run({ sql: 'describe clicks_raw', parameters: [] });
  expect(described.map(({ column_name }) => column_name)).toEqual([...clickColumns.map(({ name }) => name), 'dt']);
});

test('the next query sees new files, the first of a table too, and survives that all of them go', async () => {
  const lakeDir = folder();
  const lake = await opened(lakeDir);
  expect(await count(lake)).toBe(0);
  await writeClicks(lakeDir, [clickOf()]);
  expect(await count(lake)).toBe(1);
  await writeClicks(lakeDir, [clickOf(), clickOf()]);
  expect(await count(lake)).toBe(3);
  rmSync(join(lakeDir, 'clicks'), { recursive: true });
  expect(await count(lake)).toBe(0);
});

test('values are plain: numbers, ISO times, arrays, null', async () => {
  const lake = await opened(folder());
  const sql = `select 9007199254740991 as big, 1.5::double as half, timestamp '2026-06-15 12:00:00.123' as at, ['a', null] as list, null as nothing, sum(1) as huge, true as yes`;
  expect(await lake.run({ sql, parameters: [] })).toEqual([
    {
      big: 9007199254740991,
      half: 1.5,
      at: '2026-06-15T12:00:00.123Z',
      list: ['a', null],
      nothing: null,
      huge: 1,
      yes: true,
    },
  ]);
});

test('a row comes back as it was written', async () => {
  const lakeDir = folder();
  const click = clickOf({
    reasons: ['a', 'b'],
    lookup_ms: 0.25,
    sent_at: 1_780_000_000_001,
    user_agent: 'né "q" \n\u{1f600}',
    recovered: true,
  });
  await writeDelivered(lakeDir, [{ click, dt: '2026-06-15' }]);
  const [row] = await (await opened(lakeDir)).run({ sql: 'select * from clicks_raw', parameters: [] });
  expect(row).toEqual({ ...click, dt: '2026-06-15' });
});

test('parameters keep their type: whole, broken and text', async () => {
  const lake = await opened(folder());
  const sql = `select typeof(?) as a, typeof(?) as b, typeof(?) as c`;
  expect(await lake.run({ sql, parameters: [1_750_000_000_000, 0.5, `it's`] })).toEqual([
    { a: 'BIGINT', b: 'DOUBLE', c: 'VARCHAR' },
  ]);
});

test('a file from before a column existed has null in it, and a filter on dt above a window still finds its rows', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [clickOf({ ts: Date.UTC(2026, 5, 15) })]);
  const old = join(lakeDir, 'clicks', 'dt=2026-06-01');
  mkdirSync(old);
  const db = await DuckDBInstance.create(':memory:');
  const connection = await db.connect();
  await connection.run(
    `copy (select 'old' as click_id, 1780000000000::bigint as ts, false as recovered) to '${old}/a.parquet' (format parquet)`,
  );
  connection.closeSync();
  db.closeSync();
  const sql = `select click_id, ja4 from (select *, row_number() over (partition by click_id order by ts) as nth from clicks_raw) where nth = 1 and dt = '2026-06-01'`;
  expect(await (await opened(lakeDir)).run({ sql, parameters: [] })).toEqual([{ click_id: 'old', ja4: null }]);
});

test('a folder’s name may hold a quote', async () => {
  const lakeDir = join(folder(), `it's`);
  mkdirSync(lakeDir);
  const lake = await opened(lakeDir);
  expect(await count(lake)).toBe(0);
});

test('any number of lakes may be open on one folder, and nothing is written to it', async () => {
  const lakeDir = folder();
  const [first, second] = [await opened(lakeDir), await opened(lakeDir)];
  await writeClicks(lakeDir, [clickOf()]);
  expect(await Promise.all([first, second, first].map((lake) => count(lake)))).toEqual([1, 1, 1]);
});

test('statements on one lake may run side by side', async () => {
  const lakeDir = folder();
  const lake = await opened(lakeDir);
  await writeClicks(lakeDir, [clickOf()]);
  expect(await Promise.all(Array.from({ length: 8 }, () => count(lake)))).toEqual(Array(8).fill(1));
});

test('a fault of the statement comes out as it is', async () => {
  await expect((await opened(folder())).run({ sql: 'select nonsense from clicks', parameters: [] })).rejects.toThrow(
    /nonsense/,
  );
});

test('a read is repeated once where a file went away, with what DuckDB really says then', async () => {
  const lakeDir = folder();
  const lake = await opened(folder());
  const day = join(lakeDir, 'dt=2026-06-15');
  mkdirSync(day);
  symlinkSync(join(lakeDir, 'gone'), join(day, 'a.parquet'));
  for (const pattern of [`${lakeDir}/none-*.parquet`, `${day}/a.parquet`]) {
    const said = await lake
      .run({ sql: `select * from read_parquet('${pattern}')`, parameters: [] })
      .catch((error: unknown) => error);
    expect(said).toBeInstanceOf(Error);
    let reads = 0;
    const read = async () => {
      reads += 1;
      if (reads === 1) throw said;
      return 'rows';
    };
    expect(await despiteCompaction(read)).toBe('rows');
  }
});

test('no other error is repeated, and no second one', async () => {
  let reads = 0;
  const failing = (message: string) => () => {
    reads += 1;
    return Promise.reject(new Error(message));
  };
  await expect(despiteCompaction(failing('Binder Error'))).rejects.toThrow('Binder Error');
  expect(reads).toBe(1);
  await expect(despiteCompaction(failing('No such file or directory'))).rejects.toThrow('No such file');
  expect(reads).toBe(3);
});

const MACRO_SAMPLES: Readonly<Record<string, [sql: string, value: unknown]>> = {
  at_timezone: [`cast(at_timezone(from_unixtime(0), 'Asia/Kolkata') as varchar)`, '1970-01-01 05:30:00'],
  from_unixtime: ['from_unixtime(1.5)', '1970-01-01T00:00:01.500Z'],
  to_unixtime: [`to_unixtime(timestamp '1970-01-01 00:01:00')`, 60],
  date_add: [`date_add('hour', -1, timestamp '2026-06-15 00:00:00')`, '2026-06-14T23:00:00.000Z'],
  cardinality: [`cardinality(['a', 'b'])`, 2],
  element_at: [`element_at(['a', 'b'], 2)`, 'b'],
  regexp_like: [`regexp_like('abc', 'b')`, true],
  json_extract_scalar: [
    `json_extract_scalar('{"a": "x"}', '$.a') || json_extract_scalar('{"b.c": "y"}', '$["b.c"]')`,
    'xy',
  ],
  json_parse: [`element_at(cast(json_parse('{"a": 1}') as map(varchar, bigint)), 'a')`, 1],
  array_join: [`array_join(['a', 'b'], ',')`, 'a,b'],
  from_iso8601_timestamp: [`from_iso8601_timestamp('2026-06-15T12:00:00Z')`, '2026-06-15T12:00:00.000Z'],
  approx_distinct: ['approx_distinct(1)', 1],
  approx_percentile: ['approx_percentile(3.0::double, 0.5)', 3],
};

test('a timestamp without a zone is UTC to at_timezone, as in Trino', async () => {
  const lake = await opened(folder());
  const sql = `select cast(at_timezone(timestamp '2026-06-15 22:30:00', 'Europe/Berlin') as varchar) as v`;
  expect(await lake.run({ sql, parameters: [] })).toEqual([{ v: '2026-06-16 00:30:00' }]);
});

test('each of Trino’s names that the macros give does what Trino does', async () => {
  const text = readFileSync(new URL('../../sql/duckdb-macros.sql', import.meta.url), 'utf8');
  const names = [...text.matchAll(/macro (\w+)\(/g)].map(([, name]) => name);
  expect(Object.keys(MACRO_SAMPLES).sort()).toEqual(names.sort());
  const lake = await opened(folder());
  for (const [sql, value] of Object.values(MACRO_SAMPLES)) {
    expect(await lake.run({ sql: `select ${sql} as v`, parameters: [] })).toEqual([{ v: value }]);
  }
});

test('a step that bears the hint is made once, before what reads it', async () => {
  const lake = await opened(folder());
  const planOf = async (hint: string) => {
    const sql = `explain with a as ${hint}(\n  select dt from clicks_raw\n)\nselect dt from a`;
    return String((await lake.run({ sql, parameters: [] }))[0]?.explain_value);
  };
  expect(await planOf('/*+ materialized */ ')).toContain('CTE_SCAN');
  expect(await planOf('')).not.toContain('CTE_SCAN');
});

test('what is for DuckDB alone is read by it, over several lines too', async () => {
  const lake = await opened(folder());
  const sql = "select 'both' as v /*+ duckdb union all\nselect 'alone' */ order by v";
  expect(await lake.run({ sql, parameters: [] })).toEqual([{ v: 'alone' }, { v: 'both' }]);
});

test('of two ways to the rows DuckDB reads its own, and nobody both', async () => {
  const lake = await opened(folder());
  const sql = "select /*+ athena */ 'theirs'\n/*+ duckdb 'own' */ as v, /*+ athena */ 1, /*+ duckdb */ 2 as w";
  expect(await lake.run({ sql, parameters: [] })).toEqual([{ v: 'own', w: 2 }]);
  expect(await lake.run({ sql: asAthenaReads(sql), parameters: [] })).toEqual([{ v: 'theirs', '1': 1, w: 2 }]);
});

test('a part for DuckDB alone has no value that is bound: to Athena it would not be there', () => {
  const folders = ['parts/', ''].map((name) => new URL(`../../sql/reports/${name}`, import.meta.url));
  const filesOf = (within: URL) => readdirSync(within).filter((name) => name.endsWith('.sql'));
  const texts = folders.flatMap((within) => filesOf(within).map((name) => readFileSync(new URL(name, within), 'utf8')));
  const alone = texts.flatMap((text) => text.match(/\/\*\+ duckdb[\s\S]*?\*\//g) ?? []);
  expect(alone.length).toBeGreaterThan(2);
  expect(alone.filter((text) => text.includes('{{?') || text.includes(' ?'))).toEqual([]);
});

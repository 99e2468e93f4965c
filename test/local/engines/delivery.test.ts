import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessLogColumns } from '../../../lambdas/contract/access-logs.ts';
import { clickColumns } from '../../../lambdas/contract/clicks.ts';
import { type DataFolder, eventSpool, openDataFolder } from '../../../local/data-folder.ts';
import { compact, SMALL_FILES } from '../../../local/engines/compaction.ts';
import { Delivery } from '../../../local/engines/delivery.ts';
import { ParquetWriter } from '../../../local/engines/parquet.ts';
import { readySegments } from '../../../local/engines/spool.ts';
import { aTap, dataOf } from '../taps.ts';
import { query, temporaryFolder } from '../testing.ts';

const DAY_1 = Date.UTC(2026, 2, 1, 23, 59, 59, 999);

let folder: DataFolder;
let parquet: ParquetWriter;
let delivery: Delivery;
beforeEach(async () => {
  folder = openDataFolder(temporaryFolder());
  parquet = await ParquetWriter.open(folder.lake, folder.temporary);
  delivery = new Delivery(folder, parquet);
});
afterEach(() => {
  parquet.close();
  rmSync(folder.root, { recursive: true, force: true });
});

const segment = (name: string, lines: readonly string[]) =>
  writeFileSync(join(folder.clicksSpool, `${name}.ready`), lines.map((line) => `${line}\n`).join(''));
const files = (dt: string) => readdirSync(join(folder.lake, 'clicks', `dt=${dt}`));
const clickIds = async () =>
  (await query(folder.lake, 'select click_id from clicks_raw order by 1')).map((row) => row.click_id);

async function parquetTypes(pattern: string): Promise<Record<string, unknown>> {
  const connection = await (await DuckDBInstance.create()).connect();
  const rows = await connection.runAndReadAll(
    `describe select * from read_parquet('${pattern}', hive_partitioning = false)`,
  );
  return Object.fromEntries(rows.getRowObjectsJS().map((row) => [row.column_name, row.column_type]));
}

describe('delivery of event tables', () => {
  const line = (row: object) => `${DAY_1} ${Buffer.from(JSON.stringify(row)).toString('base64')}\n`;

  it('writes rows as they came, each to its own table, and keeps what does not fit', async () => {
    const sends = line({ id: 'a', type: 'sent', ts: 1, received_at: 2 }) + line({ id: 'b', type: 'sent', ts: 'soon' });
    writeFileSync(join(eventSpool(folder, 'sends'), 's1.ready'), sends);
    writeFileSync(join(eventSpool(folder, 'recipients'), 's1.ready'), line({ link_no: 7, subscriber_no: 9, arm: 'a' }));
    expect(await delivery.run()).toBe(3);
    expect(await query(folder.lake, 'select id, ts, parts, dt from sends_raw')).toEqual([
      { id: 'a', ts: 1, parts: null, dt: '2026-03-01' },
    ]);
    expect(await query(folder.lake, 'select link_no, subscriber_no, arm from recipients_raw')).toEqual([
      { link_no: 7, subscriber_no: 9, arm: 'a' },
    ]);
    expect(readdirSync(join(folder.errors, 'sends', 'format-conversion-failed'))).toHaveLength(1);
  });
});

describe('delivery to the lake', () => {
  it('puts a record into the partition of its arrival, enriched, and drops the segment', async () => {
    const taps = [aTap({ click_id: 'a' }), aTap({ click_id: 'b' })];
    segment('s1', [`${DAY_1} ${dataOf(taps[0] ?? {})}`, `${DAY_1 + 1} ${dataOf(taps[1] ?? {})}`]);
    expect(await delivery.run()).toBe(2);
    expect([files('2026-03-01'), files('2026-03-02')]).toEqual([['s1.parquet'], ['s1.parquet']]);
    const rows = await query(folder.lake, `select click_id, actor, recovered, dt from clicks_raw order by 1`);
    expect(rows).toMatchObject([
      { click_id: 'a', recovered: false, dt: '2026-03-01' },
      { click_id: 'b', recovered: false, dt: '2026-03-02' },
    ]);
    expect(readySegments(folder.clicksSpool)).toEqual([]);
  });

  it('writes the types of the contract, also where a column is null throughout', async () => {
    segment('s1', [`${DAY_1} ${dataOf(aTap({ city: null, lookup_ms: null, link_no: null }))}`]);
    await delivery.run();
    const glue = {
      VARCHAR: 'string',
      BIGINT: 'bigint',
      DOUBLE: 'double',
      BOOLEAN: 'boolean',
      'VARCHAR[]': 'array<string>',
    };
    const types = await parquetTypes(join(folder.lake, 'clicks/*/*.parquet'));
    const asGlue = Object.entries(types).map(([name, type]) => [name, glue[type as keyof typeof glue]]);
    expect(asGlue).toEqual(clickColumns.map(({ name, type }) => [name, type]));
  });

  it('writes the same file again where a crash kept the segment, so nothing doubles', async () => {
    const line = `${DAY_1} ${dataOf(aTap({ click_id: 'a' }))}`;
    for (let run = 0; run < 2; run++) {
      segment('s1', [line]);
      await delivery.run();
    }
    expect(await clickIds()).toEqual(['a']);
  });

  it('leaves out a line that a crash cut off: it was never acknowledged', async () => {
    writeFileSync(
      join(folder.clicksSpool, 's1.ready'),
      `${DAY_1} ${dataOf(aTap({ click_id: 'a' }))}\n${DAY_1} eyJjbGl`,
    );
    expect(await delivery.run()).toBe(1);
    expect(await clickIds()).toEqual(['a']);
  });

  it('keeps what it cannot read as Firehose does, and delivers the rest', async () => {
    const broken = Buffer.from('{"click_id":').toString('base64');
    segment('s1', [`${DAY_1} ${broken}`, `${DAY_1} ${dataOf(aTap({ click_id: 'a' }))}`]);
    await delivery.run();
    expect(await clickIds()).toEqual(['a']);
    const text = readFileSync(join(folder.root, 'errors/clicks/processing-failed/s1.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      rawData: broken,
      errorCode: 'Lambda.ProcessingFailedStatus',
      arrivalTimestamp: DAY_1,
    });
    expect(text.endsWith('}\n')).toBe(true);
  });

  it('finds the record that the conversion refuses, and keeps only that one out', async () => {
    const taps = ['a', 'b', 'c'].map((id) => aTap({ click_id: id }));
    const write = parquet.write.bind(parquet);
    parquet.write = (table, dt, name, lines) =>
      lines.some((line) => line.includes('"b"')) ? Promise.reject(new Error('refused')) : write(table, dt, name, lines);
    segment(
      's1',
      taps.map((tap) => `${DAY_1} ${dataOf(tap)}`),
    );
    await delivery.run();
    expect(await clickIds()).toEqual(['a', 'c']);
    const text = readFileSync(join(folder.root, 'errors/clicks/format-conversion-failed/s1.json'), 'utf8');
    expect(JSON.parse(Buffer.from(JSON.parse(text).rawData, 'base64').toString()).click_id).toBe('b');
  });

  it('delivers the access log in the columns of the contract', async () => {
    const row = Object.fromEntries(
      accessLogColumns.map(({ name }) => [name, name === 'timestamp_ms' ? String(DAY_1) : '-']),
    );
    writeFileSync(join(folder.accessLogSpool, 'l1.ready'), `${JSON.stringify(row)}\n`);
    await delivery.run();
    const types = await parquetTypes(join(folder.lake, 'access_logs/dt=2026-03-01/l1.parquet'));
    expect(types).toEqual(Object.fromEntries(accessLogColumns.map(({ name }) => [name, 'VARCHAR'])));
  });

  it('leaves no file under way', async () => {
    segment('s1', [`${DAY_1} ${dataOf(aTap())}`]);
    await delivery.run();
    expect(readdirSync(folder.temporary)).toEqual([]);
  });
});

describe('compaction', () => {
  async function deliverSmall(count: number): Promise<void> {
    for (let number = 0; number < count; number++)
      segment(`s${1_000 + number}`, [`${DAY_1} ${dataOf(aTap({ click_id: `c${number}` }))}`]);
    await delivery.run();
  }

  it('merges many small files into one that holds every row', async () => {
    await deliverSmall(SMALL_FILES);
    await compact(folder.lake, parquet);
    expect(files('2026-03-01')).toHaveLength(1);
    expect(new Set(await clickIds()).size).toBe(SMALL_FILES);
  });

  it('leaves few files alone', async () => {
    await deliverSmall(2);
    await compact(folder.lake, parquet);
    expect(files('2026-03-01')).toHaveLength(2);
  });

  it('loses nothing where it breaks off', async () => {
    await deliverSmall(SMALL_FILES);
    parquet.merge = () => Promise.reject(new Error('crash'));
    await expect(compact(folder.lake, parquet)).rejects.toThrow('crash');
    expect(new Set(await clickIds()).size).toBe(SMALL_FILES);
  });
});

import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clickColumns, type TapRecord, tapColumns } from '../../lambdas/contract/clicks.ts';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import { enrichClicks } from '../../lambdas/enrich-clicks/handler.ts';
import { views } from '../../sql/catalog.ts';
import { openLake } from '../../sql/duckdb.ts';
import { clickOf } from './clicks-sample.ts';
import { temporaryFolder, writeLines } from './lake-writer.ts';

/** A tap in which every column has a value, so that none can hide behind null. */
const TAP = Object.fromEntries(
  tapColumns.map(({ name, type }, at) => [name, type === 'string' ? `text ${at}` : type === 'double' ? at + 0.5 : at]),
) as unknown as TapRecord;

/** JSON as enrichment emits it for a tap. */
function emitted(tap: TapRecord): string {
  const data = Buffer.from(`${JSON.stringify(tap)}\n`).toString('base64');
  const event = {
    records: [{ recordId: '1', data, approximateArrivalTimestamp: 0 }],
    invocationId: '',
    deliveryStreamArn: '',
    region: '',
  };
  return Buffer.from(enrichClicks(event).records[0]?.data ?? '', 'base64').toString();
}

test('contract, emitted JSON, Parquet as DuckDB reads it and the view agree on names, order and values', async () => {
  const names = clickColumns.map(({ name }) => name);
  const line = emitted({ ...clickOf(), ...TAP });
  expect(Object.keys(JSON.parse(line)).sort()).toEqual([...names].sort());
  expect(views.find(({ name }) => name === 'clicks')?.columns.map(({ name }) => name)).toEqual([
    ...names,
    'clicked_at',
    'dt',
  ]);
  const lakeDir = temporaryFolder('agreement');
  await writeLines(lakeDir, lakeTables.clicks, '2026-06-15', [line.trim()]);
  const lake = await openLake({ lakeDir });
  for (const relation of ['clicks_raw', 'clicks']) {
    const [row] = await lake.run({ sql: `select ${names.join(', ')} from ${relation}`, parameters: [] });
    expect(row).toEqual(JSON.parse(line));
  }
  lake.close();
  rmSync(lakeDir, { recursive: true });
});

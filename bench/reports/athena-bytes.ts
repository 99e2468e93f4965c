import { lakeTables } from '../../lambdas/contract/lake.ts';
import { rawName, renderReport } from '../../sql/catalog.ts';
import { type Lake, openLake } from '../../sql/duckdb.ts';
import type { LakeShape } from './lake-shape.ts';
import { requestOf } from './request.ts';
import { type Scan, scansOf, timesRead } from './scanned.ts';

export interface AthenaBytes {
  /** With each table read once. */
  readonly once: number;
  /** With each table read wherever the statement names it, steps of WITH put in place. */
  readonly eachTime: number;
}

const columnsOf = Object.fromEntries(
  Object.values(lakeTables).map(({ name, columns }) => [name, columns.map((column) => column.name)]),
);

/** Compressed bytes of columns in all files of a table. The range asked for covers all days, so no file is left out. */
async function bytesOf(lake: Lake, lakeDir: string, { table, columns }: Scan): Promise<number> {
  const sql = `select coalesce(sum(total_compressed_size), 0) as bytes from parquet_metadata(?)
    where list_contains(string_split(?, ','), split_part(path_in_schema, ', ', 1))`;
  const [row] = await lake.run({ sql, parameters: [`${lakeDir}/${table}/*/*.parquet`, columns.join(',')] });
  return Number(row?.bytes);
}

function byTable(scans: readonly Scan[]): Scan[] {
  return [...Map.groupBy(scans, ({ table }) => table)].map(([table, of]) => ({
    table,
    columns: [...new Set(of.flatMap(({ columns }) => columns))],
  }));
}

async function withLake<T>(lakeDir: string, use: (lake: Lake) => Promise<T>): Promise<T> {
  const lake = await openLake({ lakeDir });
  try {
    return await use(lake);
  } finally {
    lake.close();
  }
}

/** What a report reads of each table. The statement is run for it, so let the lake be a small one of the same kind. */
export function columnsRead(lakeDir: string, report: string, shape: LakeShape): Promise<Scan[]> {
  return withLake(lakeDir, async (lake) => {
    const { sql, parameters } = renderReport(report, requestOf(shape));
    const [row] = await lake.run({ sql: `explain (analyze, format json) ${sql}`, parameters });
    return byTable(scansOf(JSON.parse(String(row?.explain_value)) as object, columnsOf));
  });
}

/** What a report over all of a lake scans, by the metadata of its files. @param read from {@link columnsRead} */
export function athenaBytes(
  lakeDir: string,
  report: string,
  shape: LakeShape,
  read: readonly Scan[],
): Promise<AthenaBytes> {
  return withLake(lakeDir, async (lake) => {
    const { sql } = renderReport(report, requestOf(shape));
    let [once, eachTime] = [0, 0];
    for (const scan of read) {
      const bytes = await bytesOf(lake, lakeDir, scan);
      once += bytes;
      eachTime += bytes * timesRead(sql, rawName({ name: scan.table }));
    }
    return { once, eachTime };
  });
}

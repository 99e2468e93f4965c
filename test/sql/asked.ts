import { rmSync } from 'node:fs';
import { afterEach } from 'vitest';
import { finishReport, type ReportContext, type ReportRequest, renderReport } from '../../sql/catalog.ts';
import type { Lake } from '../../sql/duckdb.ts';
import { temporaryFolder } from './lake-writer.ts';

export type Row = Record<string, unknown>;

export const NOON = Date.UTC(2026, 5, 15, 12);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The day around {@link NOON}, everything in one row. */
export const ASKED: ReportRequest = {
  from: NOON - 12 * HOUR,
  to: NOON + 12 * HOUR,
  tz: 'UTC',
  by: [],
  filters: {},
  limit: 500,
  offset: 0,
};

/** Rows of a report over a lake, as they are shown. @param context what is known of experiments @default nothing */
export async function shownRows(
  lake: Lake,
  name: string,
  request: ReportRequest,
  context: ReportContext = { plannedArms: async () => new Map() },
): Promise<Row[]> {
  const rows = await lake.run(renderReport(name, request));
  return [...(await finishReport(name, request, rows, context))];
}

/** Gives folders that are gone after each test. */
export function testFolders(): () => string {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });
  return () => {
    const made = temporaryFolder('report');
    folders.push(made);
    return made;
  };
}

/** Rows in no order, their columns in one, to be held against others. */
export function sorted(rows: readonly Row[]): string[] {
  return rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
}

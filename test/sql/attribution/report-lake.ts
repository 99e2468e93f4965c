import { rmSync } from 'node:fs';
import { afterEach } from 'vitest';
import { clickOf, writeClicks } from '../clicks-sample.ts';
import { temporaryFolder } from '../lake-writer.ts';
import { type Asked, type Row, reportRows } from './asked.ts';
import { DAY, type Entry, entryOf, HOUR, importedOf, NOW, writeReceived } from './sample.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** The folder of an empty lake, which is gone after the test. */
export function folder(): string {
  const made = temporaryFolder('attribution');
  folders.push(made);
  return made;
}

/** All rows of the report, the total among them. */
export const report = (lakeDir: string, asked: Asked = {}): Promise<Row[]> => reportRows('attribution', lakeDir, asked);

/** Rows of groups. */
export const groups = async (lakeDir: string, asked: Asked): Promise<Row[]> =>
  (await report(lakeDir, asked)).filter(({ is_total }) => !is_total);

/** The row over all groups. */
export const total = async (lakeDir: string, asked: Asked = {}): Promise<Row | undefined> =>
  (await report(lakeDir, asked)).find(({ is_total }) => is_total);

/** Message or reason, conversions and revenue of each row. */
export const short = (rows: readonly Row[]): unknown[][] =>
  rows.map(({ message, reason, conversions, revenue }) => [message ?? reason, conversions, revenue]);

/** Whose clicks are, on which link. */
export const person = { subscriber_no: 7, link_no: 1 };

/** A full refund of the order, an hour later. */
export const refundOf = (given: Partial<Entry> = {}): Entry =>
  entryOf({
    entry_id: 'o1-2',
    entry: 'refund',
    occurred_at: NOW + HOUR,
    converted_at: NOW,
    revenue_minor: -4990,
    ...given,
  });

/** Two taps and an e-mail before one order. */
export async function welcomed(): Promise<string> {
  const lakeDir = folder();
  await writeClicks(lakeDir, [
    clickOf({ ...person, ts: NOW - 15 * DAY, message_id: 'welcome-1' }),
    clickOf({ ...person, ts: NOW - DAY, message_id: 'welcome-3' }),
  ]);
  await writeReceived(lakeDir, 'touches', [importedOf({ ts: NOW - 8 * DAY })]);
  return lakeDir;
}

import type { RecordOf } from '../../lambdas/contract/column.ts';
import { conversionColumns } from '../../lambdas/contract/conversions.ts';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import { utcDay } from './clicks-sample.ts';
import { writeRows } from './lake-writer.ts';

export type Entry = RecordOf<typeof conversionColumns>;

const NOTHING = Object.fromEntries(conversionColumns.map(({ name }) => [name, null])) as unknown as Entry;

let made = 0;

/** A whole row: an approved sale of 49.90 USD, but for what is given. */
export function entryOf(given: Partial<Entry> = {}): Entry {
  made += 1;
  const occurred_at = given.occurred_at ?? Date.UTC(2026, 5, 15, 12);
  return {
    ...NOTHING,
    entry_id: `entry-${made}`,
    conversion_id: `conversion-${made}`,
    version: 1,
    entry: 'sale',
    event: 'sale',
    status: 'approved',
    occurred_at,
    converted_at: occurred_at,
    received_at: occurred_at,
    source_id: 'shop',
    source_kind: 'shop',
    match: 'click_id',
    match_conflict: false,
    revenue_minor: 4_990,
    currency: 'USD',
    exponent: 2,
    origin: 'webhook',
    ...given,
  };
}

/** Writes entries into the days on which they were received. */
export async function writeEntries(lakeDir: string, entries: readonly Entry[]): Promise<void> {
  for (const [dt, group] of Map.groupBy(entries, ({ received_at }) => utcDay(received_at)))
    await writeRows(lakeDir, lakeTables.conversions, dt, group);
}

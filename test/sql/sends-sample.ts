import type { EventRecord } from '../../lambdas/contract/lake.ts';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import { sendColumns, sendTotalColumns } from '../../lambdas/contract/sends.ts';
import { utcDay } from './clicks-sample.ts';
import { writeRows } from './lake-writer.ts';

export type SendRow = EventRecord<'sends'>;
export type TotalRow = EventRecord<'send_totals'>;

const nothing = <T>(columns: readonly { readonly name: string }[]) =>
  Object.fromEntries(columns.map(({ name }) => [name, null])) as unknown as T;

let made = 0;

/** A whole row: a message sent, but for what is given. It is told a second after it happened. */
export function sendOf(given: Partial<SendRow> = {}): SendRow {
  made += 1;
  const ts = given.ts ?? Date.UTC(2026, 5, 15, 12);
  const common = { id: `message-${made}`, type: 'sent', ts, received_at: ts + 1_000, provider: 'api' };
  return { ...nothing<SendRow>(sendColumns), ...common, ...given };
}

/** Totals of a day, but for what is given. */
export function totalOf(given: Partial<TotalRow> & Pick<TotalRow, 'date'>): TotalRow {
  const ts = Date.parse(`${given.date}T12:00:00Z`);
  const common = { campaign_id: 'a', message_id: 'm1', ts, recorded_at: ts + 86_400_000 };
  return { ...nothing<TotalRow>(sendTotalColumns), ...common, ...given };
}

/** Writes states into the days on which they were told. */
export async function writeSends(lakeDir: string, rows: readonly SendRow[]): Promise<void> {
  for (const [dt, group] of Map.groupBy(rows, ({ received_at }) => utcDay(received_at)))
    await writeRows(lakeDir, lakeTables.sends, dt, group);
}

/** Writes totals into the days on which they were put. */
export async function writeTotals(lakeDir: string, rows: readonly TotalRow[]): Promise<void> {
  for (const [dt, group] of Map.groupBy(rows, ({ recorded_at }) => utcDay(recorded_at)))
    await writeRows(lakeDir, lakeTables.send_totals, dt, group);
}

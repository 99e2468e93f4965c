import { conversionColumns, touchColumns } from '../../../lambdas/contract/conversions.ts';
import { type EventRecord, lakeTables } from '../../../lambdas/contract/lake.ts';
import type { AttributionChoice, AttributionRules } from '../../../sql/attribution-terms.ts';
import { utcDay } from '../clicks-sample.ts';
import { writeRows } from '../lake-writer.ts';

export type Entry = EventRecord<'conversions'>;
export type ImportedTouch = EventRecord<'touches'>;

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** When the conversions of these tests happen. */
export const NOW = Date.UTC(2026, 5, 15, 12);

const nothingOf = (columns: readonly { readonly name: string }[]) =>
  Object.fromEntries(columns.map(({ name }) => [name, null]));

/** An order of subscriber 7 for 49.90 USD in the shop, who had clicked `c1`; but for what is given. */
export function entryOf(given: Partial<Entry> = {}): Entry {
  const { conversion_id = 'o1', occurred_at = NOW } = given;
  return {
    ...(nothingOf(conversionColumns) as unknown as Entry),
    entry_id: `${conversion_id}-1`,
    conversion_id,
    version: 1,
    entry: 'sale',
    event: 'sale',
    status: 'approved',
    occurred_at,
    converted_at: occurred_at,
    received_at: occurred_at,
    source_id: 'shop',
    source_kind: 'shop',
    subscriber_no: 7,
    subscriber_id: 's-7',
    match: 'identity',
    match_conflict: false,
    revenue_minor: 4990,
    currency: 'USD',
    exponent: 2,
    origin: 'webhook',
    ...given,
  };
}

/** An e-mail click of subscriber 7 two days before, but for what is given. */
export function importedOf(given: Partial<ImportedTouch> = {}): ImportedTouch {
  const { ts = NOW - 2 * DAY } = given;
  return {
    ...(nothingOf(touchColumns) as unknown as ImportedTouch),
    id: 'e1',
    kind: 'click',
    ts,
    received_at: ts,
    channel: 'email',
    subscriber_no: 7,
    campaign_id: 'welcome',
    message_id: 'mail',
    ...given,
  };
}

/** A row and the day of its delivery. */
export interface Arrived<T> {
  readonly row: T;
  readonly dt: string;
}

/** Puts rows into their days. */
export async function writeArrived<T extends object>(
  lakeDir: string,
  table: 'conversions' | 'touches',
  arrived: readonly Arrived<T>[],
): Promise<void> {
  for (const [dt, group] of Map.groupBy(arrived, (one) => one.dt))
    await writeRows(
      lakeDir,
      lakeTables[table],
      dt,
      group.map(({ row }) => row),
    );
}

/** Writes entries or imported touches that arrived when they were received. */
export const writeReceived = <T extends Entry | ImportedTouch>(
  lakeDir: string,
  table: 'conversions' | 'touches',
  rows: readonly T[],
): Promise<void> =>
  writeArrived(
    lakeDir,
    table,
    rows.map((row) => ({ row, dt: utcDay(row.received_at) })),
  );

export const RULES: AttributionRules = {
  currency: 'USD',
  window: '7d',
  campaign_windows: {},
  offer_windows: {},
  events: ['sale', 'lead', 'signup', 'install'],
  campaign_events: {},
  promo_codes: true,
};

export const CHOICE: AttributionChoice = {
  model: 'last',
  window: null,
  half_life: '7d',
  actors: ['human'],
  as_of: null,
  mature: false,
};

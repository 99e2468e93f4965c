import fc from 'fast-check';
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

const DAY_MS = 86_400_000;
const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);

/**
 * Any states of a few messages of four days before `now`: told up to five days late, in any order, at times that are all
 * different, so that there is one newest.
 */
export const anySends = (now: number, length: number) =>
  fc
    .array(
      fc.record<Partial<SendRow>>({
        id: fc.integer({ min: 1, max: Math.ceil(length / 3) }).map((no) => `m${no}`),
        type: oneOf('queued', 'sent', 'sent', 'delivered', 'failed', 'opt_out', 'opt_in'),
        ts: fc.integer({ min: now - 4 * DAY_MS, max: now }),
        requested_at: oneOf(null, null, now - DAY_MS, now - 2 * DAY_MS - 1),
        is_final: oneOf(true, false, null),
        detail: oneOf('SUCCESSFUL', 'UNKNOWN', null),
        campaign_id: oneOf('a', 'a', 'Größe-ß', null),
        message_id: oneOf('m1', 'm2', null),
        creative: oneOf('v1', 'it’s "x" / y', null),
        segment: oneOf('vip', null),
        provider: oneOf('api', 'aws-sms', 'twilio-1', null),
        parts: oneOf(1, 2, null),
        country: oneOf('US', 'DE', null),
        carrier: oneOf('Example, Mobile', null),
      }),
      { minLength: length, maxLength: length },
    )
    .chain((rows) =>
      fc.tuple(
        fc.constant(rows),
        fc.array(anyPrice, { minLength: length, maxLength: length }),
        fc.shuffledSubarray(
          rows.map((_, at) => at),
          { minLength: length },
        ),
      ),
    )
    .map(([rows, prices, order]) =>
      rows.map((row, at) =>
        sendOf({
          ...row,
          ...prices[at],
          received_at: now - 4 * DAY_MS + (order[at] ?? 0) * Math.floor((9 * DAY_MS) / length),
        }),
      ),
    );

const anyPrice: fc.Arbitrary<Partial<SendRow>> = fc.oneof(
  fc.constant({}),
  fc.record({
    price_micros: fc.integer({ min: 0, max: 90_000 }),
    currency: oneOf('USD', 'USD', 'EUR'),
    price_kind: oneOf('told', 'list'),
  }),
);

/** Any totals of the same days, put again now and then. */
export const anyTotals = (now: number, length: number) =>
  fc
    .array(
      fc.record({
        day: fc.integer({ min: -4, max: 0 }),
        campaign_id: oneOf('a', 'Größe-ß', 'b'),
        message_id: oneOf('m1', 'm2'),
        creative: oneOf('v1', null),
        sent: fc.integer({ min: 100, max: 200 }),
        delivered: oneOf(90, 100, null),
        failed: oneOf(0, 5, null),
        opt_outs: oneOf(1, null),
        cost_micros: oneOf(1_000_000, null),
      }),
      { minLength: length, maxLength: length },
    )
    .map((puts) =>
      puts.map(({ day, ...put }, at) =>
        totalOf({
          ...put,
          date: utcDay(now, day),
          recorded_at: now + at * 1_000,
          currency: put.cost_micros === null ? null : 'USD',
          price_kind: put.cost_micros === null ? null : 'list',
        }),
      ),
    );

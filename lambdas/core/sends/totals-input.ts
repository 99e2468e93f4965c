import { z } from 'zod';
import type { EventRecord } from '../../contract/lake.ts';
import * as field from '../entities/fields.ts';
import { rangeStart } from '../reports/time-range.ts';
import { toMicros } from './micros.ts';
import { price } from './send-input.ts';
import type { ListPrice } from './send-row.ts';

export type TotalRow = EventRecord<'send_totals'>;

const count = z.number().int().min(0).max(1_000_000_000_000);
const told = count.nullable().default(null);

/** What became of a message on a day, as `PUT /v1/sends/totals/…` takes it. Null: nobody tells. */
export const totalsInput = z
  .strictObject({
    creative: field.id.nullable().default(null),
    segment: field.id.nullable().default(null),
    sent: count,
    delivered: told,
    failed: told,
    opt_outs: told,
    cost: price.nullable().default(null),
    currency: field.currency.nullable().default(null),
  })
  .superRefine(({ sent, delivered, failed, cost, currency: code }, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if ((delivered ?? 0) + (failed ?? 0) > sent) wrong('sent', 'must be at least delivered and failed together');
    if ((cost === null) !== (code === null))
      wrong(cost === null ? 'cost' : 'currency', 'cost and currency come together');
  });
export type TotalsInput = z.infer<typeof totalsInput>;

/** What the path of the call names. */
export interface TotalsOf {
  readonly campaign_id: string;
  readonly message_id: string;
  /** yyyy-MM-dd in the account's time zone. */
  readonly date: string;
}

const HALF_DAY_MS = 12 * 3_600_000;

/** When a day's totals are said to have happened: twelve hours after it began. Null where there is no such day. */
export function middleOfDay(date: string, timeZone: string): number | null {
  const start = /^\d{4}-\d\d-\d\d$/.test(date) ? rangeStart(date, timeZone) : null;
  return start === null ? null : start + HALF_DAY_MS;
}

/** The row of a put. Where no cost is told, each message is taken for one part at the price of the list. */
export function totalRow(
  of: TotalsOf,
  ts: number,
  totals: TotalsInput,
  recordedAt: number,
  list: ListPrice | null,
): TotalRow {
  const { cost, currency: code, ...counts } = totals;
  const perPart = cost === null && list ? toMicros(list.per_part) : null;
  const estimate = perPart === null ? null : perPart * counts.sent;
  const isListed = estimate !== null && Number.isSafeInteger(estimate);
  return {
    ...of,
    ts,
    recorded_at: recordedAt,
    ...counts,
    cost_micros: cost === null ? (isListed ? estimate : null) : toMicros(cost),
    currency: isListed && list ? list.currency : code,
    price_kind: cost === null ? (isListed ? 'list' : null) : 'told',
  };
}

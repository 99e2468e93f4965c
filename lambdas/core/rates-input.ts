import { z } from 'zod';
import type { EventRecord } from '../contract/lake.ts';
import { currency } from './entities/fields.ts';

/** Rates beyond are a mistake in any currency there is, and would lose digits. */
const LEAST = 1e-9;
const MOST = 1e9;

const RATE_RULE = 'must be a decimal number with a point, what one unit of the base is worth, such as 0.92';
const rate = z
  .union([z.number(), z.string().regex(/^\d{1,10}(\.\d{1,12})?$/, RATE_RULE)], { error: RATE_RULE })
  .transform(Number)
  .refine((value) => value >= LEAST && value <= MOST, { message: `must lie between ${LEAST} and ${MOST}` });

/** Exchange rates of a day: how many units of each currency one unit of `base` is worth. */
export const ratesInput = z
  .strictObject({ base: currency, rates: z.record(currency, rate) })
  .superRefine(({ base, rates }, context) => {
    const wrong = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (Object.keys(rates).length === 0) wrong(['rates'], 'must name at least one currency');
    if (rates[base] !== undefined && rates[base] !== 1) wrong(['rates', base], 'is the base itself: leave it out');
  });
export type RatesInput = z.infer<typeof ratesInput>;

const DATE = /^\d{4}-\d\d-\d\d$/;

/** True where the text is a day of the calendar, yyyy-MM-dd. */
export const isDate = (text: string): boolean =>
  DATE.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;

/** The rows of a put, the base itself among them with a rate of 1: a put of a day replaces the one before as a whole. */
export function rateRows(date: string, { base, rates }: RatesInput, recordedAt: number): EventRecord<'rates'>[] {
  const all = { [base]: 1, ...rates };
  return Object.entries(all).map(([code, value]) => ({
    date,
    base,
    currency: code,
    rate: value,
    recorded_at: recordedAt,
  }));
}

import { z } from 'zod';
import * as field from './fields.ts';

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** Account-wide settings. `ip_policy` may be stricter than the deployment's, never looser. */
export const settingsInput = z.strictObject({
  time_zone: z
    .string()
    .refine(isTimeZone, { message: 'must be an IANA time zone such as Europe/Berlin' })
    .default('UTC'),
  currency: field.currency.default('USD'),
  attribution: field.attribution.default({ model: 'last', window: '7d' }),
  conversion_events: field.conversionEvents.default([...field.DEFAULT_CONVERSION_EVENTS]),
  price: field.price.nullable().default(null),
  ip_policy: z.enum(['hash', 'truncate', 'full']).default('hash'),
});
export type Settings = z.infer<typeof settingsInput>;

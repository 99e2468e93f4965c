import { z } from 'zod';
import { WINDOW_PATTERN } from '../attribution/window.ts';
import { exponentOf } from '../money.ts';
import { destinationFaults, macroFaults } from '../redirect/destination.ts';

/** Fields that several entities share. Every schema is strict: an unknown field is a fault with its path. */

export const ID_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;
export const id = z.string().regex(ID_PATTERN, 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -');
export const name = z.string().min(1).max(200);
export const tags = z.array(id).max(50);
export const status = z.enum(['active', 'paused', 'archived']);

const TIME_RULE = 'must be a time such as 2026-06-01T12:00:00Z, or epoch milliseconds';

/** A time on input: RFC 3339 with any offset, or epoch milliseconds; kept as RFC 3339 UTC with milliseconds. */
export const time = z
  .union([z.iso.datetime({ offset: true, error: TIME_RULE }), z.number().int().min(0).max(4_102_444_800_000)], {
    error: TIME_RULE,
  })
  .transform((value) => new Date(value).toISOString());

const CURRENCY_RULE = 'must be the code of a currency in ISO 4217, in capitals, such as USD';

/** ISO 4217 code of money, upper case: an amount in any other could not be counted. */
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, { error: CURRENCY_RULE, abort: true })
  .refine((code) => exponentOf(code) !== undefined, CURRENCY_RULE);

/** A decimal amount as text, e.g. "49.90"; never a float. */
export const amount = z.string().regex(/^\d{1,12}(\.\d{1,6})?$/, 'must be a decimal number in quotes, such as "49.90"');

/** A place a visitor may be sent to; macros allowed in path, query and fragment. */
export const destination = z
  .string()
  .max(4096, 'must be at most 4,096 characters')
  .superRefine((value, context) => {
    for (const message of destinationFaults(value)) context.addIssue({ code: 'custom', message });
  });

/** Attribution window: hours or days. */
export const window = z.string().regex(WINDOW_PATTERN, 'must be a number of hours or days, such as 24h or 7d');

export const attribution = z.strictObject({
  model: z.enum(['last', 'first', 'linear', 'position', 'time_decay', 'markov', 'shapley']),
  window,
});

export const conversionEvents = z.array(z.enum(['sale', 'lead', 'install', 'signup', 'rebill'])).min(1);
/** Events that count as conversions unless account or campaign say otherwise: a rebill adds money, not count. */
export const DEFAULT_CONVERSION_EVENTS = ['sale', 'lead', 'signup', 'install'] as const;
export const price = z.strictObject({ per_part: amount, currency });

/** Characters of all parameters of a link or offer together: they have to fit a URL that every browser takes. */
const MAX_PARAMS_LENGTH = 4_000;

/** Parameters to append: name → literal, macros or both. */
export const params = z.record(z.string().min(1).max(128), z.string().max(1024)).superRefine((value, context) => {
  const entries = Object.entries(value);
  const length = entries.flat().join('').length;
  if (entries.length > 50) context.addIssue({ code: 'custom', message: 'must have at most 50 parameters' });
  if (length > MAX_PARAMS_LENGTH)
    context.addIssue({
      code: 'custom',
      message: `must have at most ${MAX_PARAMS_LENGTH} characters together, these have ${length}`,
    });
  for (const [name, text] of entries)
    for (const message of macroFaults(text)) context.addIssue({ code: 'custom', path: [name], message });
});

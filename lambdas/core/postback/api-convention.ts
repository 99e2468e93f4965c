import { z } from 'zod';
import * as field from '../entities/fields.ts';
import type { Source } from '../entities/source.ts';
import { profiles } from '../profiles/index.ts';
import type { ConversionProfile } from '../profiles/profile.ts';
import { EVENT_WORDS, STATUS_WORDS } from '../profiles/words.ts';
import { PARAMETERS, type Parameter } from './parameters.ts';

/** The source of what comes without naming one; it need not be configured. */
export const API_SOURCE = 'api';

/** Far more than any value has; the archive takes rows of 1,000 KiB, and one too large would hold up its whole batch. */
const MAX_VALUE = 4_000;

const value = z
  .union([z.string().max(MAX_VALUE), z.number()], {
    error: `must be a text of at most ${MAX_VALUE} characters or a number`,
  })
  .nullable();

/** An item of `POST /v1/conversions`. What a value means, and whether it is one, the interpreter says. */
export const conversionInput = z.strictObject({
  source: field.id.default(API_SOURCE),
  ...(Object.fromEntries(PARAMETERS.map((name) => [name, value.optional()])) as Record<
    Parameter,
    z.ZodOptional<typeof value>
  >),
});
export type ConversionInput = z.infer<typeof conversionInput>;

const shapes = [{ fields: Object.fromEntries(PARAMETERS.map((name) => [name, { from: [name] }])) }];

/**
 * How the API’s own items are read, whatever their source sends by itself: our names, decimal amounts. Kind, policy, currency and the
 * words that were mapped stay the source’s.
 */
export function apiConvention(source: Source, profile: ConversionProfile) {
  const { ignore: _ignore, ...known } = profile;
  return {
    source: { ...source, params: {}, notation: null },
    profile: {
      ...known,
      inlet: 'postbacks' as const,
      shapes,
      statuses: { ...STATUS_WORDS, ...profile.statuses },
      events: { ...EVENT_WORDS, ...profile.events },
      notation: 'decimal' as const,
    },
  };
}

/** Whether a source’s profile reports conversions at all. */
export const reportsConversions = ({ profile }: Source): boolean => profiles[profile]?.reports === 'conversions';

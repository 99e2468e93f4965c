import fc from 'fast-check';
import type { Path } from '../../../lambdas/core/attribution/types.ts';

/** A path such as `A>B>C`, with how often it converted, how often not, and its money. */
export const path = (text: string, conversions: number, nulls = 0, money_minor = 0): Path => ({
  units: text === '' ? [] : text.split('>'),
  conversions,
  nulls,
  money_minor,
});

/** Paths over up to `units` units named A, B, C …, some of them never converting. */
export const pathsOver = (units: number): fc.Arbitrary<Path[]> =>
  fc.array(
    fc.record({
      units: fc.array(
        fc.integer({ min: 0, max: units - 1 }).map((i) => String.fromCharCode(65 + i)),
        {
          minLength: 1,
          maxLength: 6,
        },
      ),
      conversions: fc.integer({ min: 0, max: 20 }),
      nulls: fc.integer({ min: 0, max: 50 }),
      money_minor: fc.integer({ min: -5_000, max: 50_000 }),
    }),
    { minLength: 1, maxLength: 15 },
  );

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

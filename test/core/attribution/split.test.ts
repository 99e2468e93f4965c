import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundToSum, splitMinor, splitSeries } from '../../../lambdas/core/attribution/split.ts';
import type { RuleModel } from '../../../lambdas/core/attribution/types.ts';
import { weights } from '../../../lambdas/core/attribution/weights.ts';

const third = [1 / 3, 1 / 3, 1 / 3];
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const parts = fc
  .tuple(
    fc.constantFrom<RuleModel[]>('last', 'first', 'linear', 'position', 'time_decay'),
    fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1, maxLength: 40 }),
  )
  .map(([model, ages]) => weights(model, ages));
const amount = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: -1_000_000, max: 1_000_000 }),
  fc.maxSafeInteger(),
);

describe('an amount', () => {
  it.each([
    [100, third, [34, 33, 33]],
    [-100, third, [-34, -33, -33]],
    [1, third, [1, 0, 0]],
    [-1, third, [-1, 0, 0]],
    [0, third, [0, 0, 0]],
    [2, third, [1, 1, 0]],
    [4990, [0.4, 0.1, 0.1, 0.4], [1996, 499, 499, 1996]],
    [999, [0.4, 0.2, 0.4], [400, 200, 399]],
    [99, [1 / 7, 2 / 7, 4 / 7], [14, 28, 57]],
    [5, [0.1, 0.9], [1, 4]],
    [7, [1], [7]],
    [0, [], []],
  ])('%d by %j is %j', (total, by, expected) => expect(splitMinor(total, by)).toEqual(expected));

  it('adds up to itself, negative, tiny and enormous alike, and a refund mirrors its sale', () => {
    fc.assert(
      fc.property(amount, parts, (total, by) => {
        const found = splitMinor(total, by);
        expect(found.every(Number.isSafeInteger)).toBe(true);
        expect(found.reduce((all, part) => all + BigInt(part), 0n)).toBe(BigInt(total));
        expect(splitMinor(0 - total, by)).toEqual(found.map((part) => 0 - part));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is never further than one unit from its exact share, and goes to nobody whose weight is 0', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), parts, (total, by) => {
        splitMinor(total, by).forEach((part, i) => {
          expect(Math.abs(part - total * (by[i] ?? 0))).toBeLessThan(1 + 1e-6);
          if (by[i] === 0) expect(part).toBe(0);
        });
      }),
    );
  });

  it('takes noise in the last digits for a tie', () => {
    const noisy = [1 / 3 - 1e-16, 1 / 3 + 1e-16, 1 / 3];
    expect(splitMinor(100, noisy)).toEqual(splitMinor(100, third));
    expect(roundToSum([39.9999999999, 60.0000000001], 100)).toEqual([40, 60]);
  });

  it.each([
    ['weights that do not add up to 1', 100, [0.5, 0.4]],
    ['an amount that is no whole number', 1.5, [1]],
    ['an amount beyond safe integers', 2 ** 53, [1]],
    ['nobody to give it to', 1, []],
    ['weights that are no numbers', 1, [Number.NaN]],
  ])('with %s is refused', (_, total, by) => expect(() => splitMinor(total, by)).toThrow(RangeError));
});

describe('the entries of a conversion', () => {
  it('leave nobody a cent when refunded in parts', () => {
    const rows = splitSeries([100, -50, -50], third);
    expect(rows[0]).toEqual([34, 33, 33]);
    expect(rows.map(sum)).toEqual([100, -50, -50]);
    expect(third.map((_, i) => sum(rows.map((row) => row[i] ?? 0)))).toEqual([0, 0, 0]);
  });

  it('each add up to themselves, and together to the split of the net', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e6, max: 1e6 }), { maxLength: 8 }), parts, (amounts, by) => {
        const rows = splitSeries(amounts, by);
        expect(rows.map(sum)).toEqual(amounts);
        expect(by.map((_, i) => sum(rows.map((row) => row[i] ?? 0)))).toEqual(splitMinor(sum(amounts), by));
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RuleModel } from '../../../lambdas/core/attribution/types.ts';
import { weights } from '../../../lambdas/core/attribution/weights.ts';
import { DAY } from './touches.ts';

const models: readonly RuleModel[] = ['last', 'first', 'linear', 'position', 'time_decay'];
const ages = fc.array(fc.integer({ min: 0, max: 90 * DAY }), { minLength: 1, maxLength: 60 });
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('published values', () => {
  it('time decay at 15, 8 and 1 days', () => {
    const found = weights('time_decay', [15 * DAY, 8 * DAY, DAY]);
    expect(found[0]).toBeCloseTo(0.142857142857, 12);
    expect(found[1]).toBeCloseTo(0.285714285714, 12);
    expect(found[2]).toBeCloseTo(0.571428571429, 12);
  });

  it('time decay is continuous: half a half-life is 1 to √2', () => {
    const [older = 0, newer = 0] = weights('time_decay', [3.5 * DAY, 0]);
    expect(newer / older).toBeCloseTo(Math.SQRT2, 12);
  });

  it('time decay takes another half-life, and ages far beyond it', () => {
    expect(weights('time_decay', [DAY, 0], DAY)).toEqual([1 / 3, 2 / 3]);
    expect(weights('time_decay', [30_000 * DAY, 29_993 * DAY])).toEqual([1 / 3, 2 / 3]);
  });

  it.each([
    [1, [1]],
    [2, [0.5, 0.5]],
    [3, [0.4, 0.2, 0.4]],
    [4, [0.4, 0.1, 0.1, 0.4]],
  ])('position of %d', (n, expected) => {
    expect(
      weights(
        'position',
        Array.from({ length: n }, () => 0),
      ),
    ).toEqual(expected);
  });

  it('last, first and linear', () => {
    expect(weights('last', [3, 2, 1])).toEqual([0, 0, 1]);
    expect(weights('first', [3, 2, 1])).toEqual([1, 0, 0]);
    expect(weights('linear', [3, 2, 1, 0])).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});

describe('any path', () => {
  it.each(models)('%s: weights add up to 1, none is negative', (model) => {
    fc.assert(
      fc.property(ages, (list) => {
        const found = weights(model, list);
        expect(found).toHaveLength(list.length);
        expect(sum(found)).toBeCloseTo(1, 12);
        expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it.each(models)('%s of no touch is nothing', (model) => expect(weights(model, [])).toEqual([]));

  it('time decay does not care about order, only about age; the others about order only', () => {
    fc.assert(
      fc.property(ages, (list) => {
        const turned = weights('time_decay', list.toReversed()).toReversed();
        for (const [i, weight] of weights('time_decay', list).entries()) expect(turned[i]).toBeCloseTo(weight, 12);
        for (const model of models.slice(0, 4))
          expect(weights(model, list)).toEqual(
            weights(
              model,
              list.map(() => 0),
            ),
          );
      }),
    );
  });
});

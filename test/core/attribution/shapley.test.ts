import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapley, shapleyValues } from '../../../lambdas/core/attribution/shapley.ts';
import type { Path } from '../../../lambdas/core/attribution/types.ts';
import { path, pathsOver, sum } from './walks.ts';

const conversions = (p: Path) => p.conversions;
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** v(S): what paths brought whose units are all in S. */
const worth = (paths: readonly Path[], coalition: ReadonlySet<string>): number =>
  sum(paths.filter(({ units }) => units.every((unit) => coalition.has(unit))).map(conversions));

/** The definition: every coalition without the unit, weighted by its orders, times what the unit adds. */
function byDefinition(paths: readonly Path[], units: readonly string[], unit: string): number {
  const others = units.filter((one) => one !== unit);
  return sum(
    Array.from({ length: 2 ** others.length }, (_, bits) => {
      const coalition = others.filter((_one, i) => (bits >> i) & 1);
      const weight =
        (factorial(coalition.length) * factorial(others.length - coalition.length)) / factorial(units.length);
      return weight * (worth(paths, new Set([...coalition, unit])) - worth(paths, new Set(coalition)));
    }),
  );
}

describe('v: A10 B20 C0 AB50 AC15 BC25 ABC60', () => {
  const paths = [path('A', 10), path('B', 20), path('A>B', 20), path('C>A>C', 5), path('B>C', 5), path('B>A>C', 0)];

  it.each([
    ['A', 10],
    ['B', 20],
    ['C', 0],
    ['AB', 50],
    ['AC', 15],
    ['BC', 25],
    ['ABC', 60],
  ])('is the game of these paths: v(%s) = %d', (coalition, v) => expect(worth(paths, new Set(coalition))).toBe(v));

  it('gives A 22.5, B 32.5, C 5', () => {
    expect(shapley(paths).map(({ unit, effect }) => [unit, effect])).toEqual([
      ['A', 22.5],
      ['B', 32.5],
      ['C', 5],
    ]);
  });
});

describe('any paths', () => {
  it('value is the definition over all coalitions', () => {
    fc.assert(
      fc.property(pathsOver(7), (paths) => {
        const values = shapleyValues(paths, conversions);
        for (const [unit, value] of values) expect(value).toBeCloseTo(byDefinition(paths, [...values.keys()], unit), 8);
      }),
    );
  });

  it('is efficient: conversions and money add up, the latter to the cent', () => {
    fc.assert(
      fc.property(pathsOver(20), (paths) => {
        const credits = shapley(paths);
        expect(sum(credits.map((c) => c.conversions))).toBeCloseTo(sum(paths.map(conversions)), 8);
        expect(sum(credits.map((c) => c.share))).toBeCloseTo(1, 10);
        expect(sum(credits.map((c) => c.money_minor))).toBe(sum(paths.map((p) => p.money_minor)));
      }),
    );
  });

  it('is symmetric: units that stand in for each other get the same', () => {
    fc.assert(
      fc.property(pathsOver(6), (paths) => {
        const swap = (unit: string) => ({ A: 'B', B: 'A' })[unit] ?? unit;
        const both = [...paths, ...paths.map((p) => ({ ...p, units: p.units.map(swap) }))];
        const values = shapleyValues(both, conversions);
        expect(values.get('A') ?? 0).toBeCloseTo(values.get('B') ?? 0, 9);
      }),
    );
  });

  it('looks at sets: order, repetition and null paths change nothing', () => {
    fc.assert(
      fc.property(pathsOver(6), (paths) => {
        const other = paths.map((p) => ({ ...p, units: [...p.units.toReversed(), ...p.units], nulls: p.nulls * 7 }));
        expect(shapley(other)).toEqual(shapley(paths));
      }),
    );
  });
});

describe('edges', () => {
  it('a unit that brings nothing gets nothing; money is a game of its own', () => {
    expect(shapley([path('A', 2, 0, 100), path('B', 0, 9), path('A>C', 0, 0, 51)])).toEqual([
      { unit: 'A', effect: 2, share: 1, conversions: 2, money_minor: 126 },
      { unit: 'B', effect: 0, share: 0, conversions: 0, money_minor: 0 },
      { unit: 'C', effect: 0, share: 0, conversions: 0, money_minor: 25 },
    ]);
  });

  it('no path is no credit', () => expect(shapley([path('', 5, 0, 100)])).toEqual([]));

  it('a thousand units are exact too', () => {
    const paths = Array.from({ length: 1_000 }, (_, i) => path(`u${i}>u${(i + 1) % 1_000}`, 1));
    expect(new Set(shapley(paths).map(({ effect }) => effect))).toEqual(new Set([1]));
  });
});

it('gives the same money in whatever order the paths come, billions too', () => {
  const rich = pathsOver(5).map((paths) =>
    paths.map((one) => ({ ...one, money_minor: one.money_minor * 1_000_000_007 })),
  );
  const shuffled = rich.chain((paths) =>
    fc.tuple(fc.constant(paths), fc.shuffledSubarray(paths, { minLength: paths.length })),
  );
  const moneyOf = (paths: readonly Path[]) => shapley(paths).map(({ unit, money_minor }) => [unit, money_minor]);
  fc.assert(
    fc.property(shuffled, ([paths, others]) => {
      expect(moneyOf(others)).toEqual(moneyOf(paths));
    }),
    { numRuns: 2_000 },
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markov, removalEffects, type Steps, stepsOf } from '../../../lambdas/core/attribution/markov.ts';
import { path, pathsOver, sum } from './walks.ts';

/**
 * Removal effects by their definition and by no linear algebra: walk the chain with a unit made a dead end, mass step by
 * step, until nothing is left on the way.
 */
function conversionWithout({ counts, units }: Steps, removed: number): number {
  const n = units.length;
  const rows = counts.map((row) => {
    const out = sum([...row]);
    return [...row].map((count) => (out > 0 ? count / out : 0));
  });
  let [mass, converted] = [[1, ...units.map(() => 0)], 0];
  for (let step = 0; step < 100_000 && sum(mass) > 1e-15; step += 1) {
    const next = mass.map(() => 0);
    for (const [from, weight] of mass.entries()) {
      if (from === removed + 1 || weight === 0) continue;
      converted += weight * (rows[from]?.[n] ?? 0);
      for (let to = 0; to < n; to += 1) next[to + 1] = (next[to + 1] ?? 0) + weight * (rows[from]?.[to] ?? 0);
    }
    mass = next;
  }
  return converted;
}

describe('C1>C2>C3 converts, C1 and C2>C3 do not', () => {
  const paths = [path('C1>C2>C3', 1, 0, 1_001), path('C1', 0, 1), path('C2>C3', 0, 1)];

  it('P(conversion) is 1/3, removal effects .5, 1, 1', () => {
    const { conversion, effects } = removalEffects(stepsOf(paths));
    expect(conversion).toBeCloseTo(1 / 3, 14);
    expect(effects[0]).toBeCloseTo(0.5, 14);
    expect(effects.slice(1)).toEqual([1, 1]);
  });

  it('credit is .2, .4, .4, and the money to the cent', () => {
    const credits = markov(paths);
    expect(credits.map(({ unit }) => unit)).toEqual(['C1', 'C2', 'C3']);
    [0.2, 0.4, 0.4].forEach((share, i) => {
      expect(credits[i]?.share).toBeCloseTo(share, 14);
      expect(credits[i]?.conversions).toBeCloseTo(share, 14);
    });
    expect(credits.map(({ money_minor }) => money_minor)).toEqual([200, 401, 400]);
  });
});

/**
 * Steps counted in the `PathData` set of 10,000 paths, 19,785 conversions and 68,602 null paths (R package
 * ChannelAttribution; also in eeghor/mta). Columns: the twelve units, then conversion and none.
 */
const pathData: Steps = {
  units: ['alpha', 'beta', 'delta', 'epsilon', 'eta', 'gamma', 'iota', 'kappa', 'lambda', 'mi', 'theta', 'zeta'],
  counts: [
    [28846, 12119, 3, 435, 14213, 696, 20427, 305, 3837, 8, 7391, 107, 0, 0],
    [0, 1965, 3, 1138, 2341, 197, 6202, 277, 2128, 0, 3484, 507, 8447, 29945],
    [3414, 0, 3, 393, 10583, 108, 4873, 134, 789, 0, 1899, 410, 989, 3392],
    [0, 7, 0, 0, 0, 0, 3, 2, 8, 0, 0, 0, 5, 17],
    [1064, 278, 0, 0, 486, 40, 601, 63, 355, 0, 322, 150, 531, 1692],
    [4608, 4513, 8, 1071, 0, 75, 3122, 353, 807, 0, 1602, 341, 4167, 14205],
    [364, 132, 0, 23, 141, 0, 269, 0, 106, 0, 128, 17, 92, 330],
    [7889, 5216, 3, 1171, 4392, 282, 0, 550, 2740, 7, 4054, 1566, 3355, 11963],
    [276, 123, 0, 60, 238, 12, 337, 0, 261, 0, 190, 48, 230, 716],
    [2122, 590, 11, 469, 567, 75, 1622, 455, 0, 0, 1048, 232, 1207, 3919],
    [0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 2, 6],
    [7352, 1702, 7, 648, 1618, 110, 4670, 309, 982, 0, 0, 243, 653, 2072],
    [699, 342, 4, 174, 293, 7, 1055, 43, 304, 0, 248, 0, 107, 345],
  ].map((row) => Float64Array.from(row)),
};

describe('PathData', () => {
  const { conversion, effects } = removalEffects(pathData);

  it('P(conversion) is 0.223845135597', () => expect(conversion).toBeCloseTo(0.223845135597, 12));

  it.each([
    ['alpha', 5344.9477],
    ['beta', 2527.3522],
    ['eta', 3340.8474],
    ['iota', 3884.6147],
    ['theta', 1971.9129],
    ['lambda', 1282.8472],
    ['epsilon', 599.5707],
    ['gamma', 171.1454],
    ['kappa', 274.3633],
    ['zeta', 381.0626],
    ['delta', 4.6136],
    ['mi', 1.7224],
  ])('%s gets %d conversions', (unit, expected) => {
    const effect = effects[pathData.units.indexOf(unit)] ?? 0;
    expect((19_785 * effect) / sum(effects)).toBeCloseTo(expected, 4);
  });
});

describe('any paths', () => {
  it('removal effects are what removing a unit does', () => {
    fc.assert(
      fc.property(pathsOver(5), (paths) => {
        const steps = stepsOf(paths);
        const { conversion, effects } = removalEffects(steps);
        expect(conversion).toBeCloseTo(conversionWithout(steps, -9), 9);
        for (const [unit, effect] of effects.entries()) {
          const left = conversionWithout(steps, unit);
          expect(effect).toBeCloseTo(conversion > 0 ? 1 - left / conversion : 0, 8);
        }
      }),
    );
  });

  it('credits add up to all conversions and all money', () => {
    fc.assert(
      fc.property(pathsOver(8), (paths) => {
        const credits = markov(paths);
        expect(sum(credits.map(({ share }) => share))).toBeCloseTo(1, 9);
        expect(sum(credits.map(({ conversions }) => conversions))).toBeCloseTo(sum(paths.map((p) => p.conversions)), 6);
        expect(sum(credits.map((c) => c.money_minor))).toBe(sum(paths.map((p) => p.money_minor)));
      }),
    );
  });

  it('a unit after itself changes nothing, nor the order of the paths, nor splitting one in two', () => {
    fc.assert(
      fc.property(pathsOver(5), (paths) => {
        const doubled = paths.toReversed().flatMap((p) => {
          const units = p.units.flatMap((unit) => [unit, unit]);
          const half = { ...p, units, conversions: 0, money_minor: 0 };
          return [half, { ...p, units, nulls: 0 }];
        });
        const found = markov(doubled);
        for (const [i, credit] of markov(paths).entries()) {
          expect(found[i]?.unit).toBe(credit.unit);
          expect(found[i]?.share).toBeCloseTo(credit.share, 9);
        }
      }),
    );
  });
});

describe('steps', () => {
  it('go from the start over the units to conversion and none; a unit after itself is none', () => {
    const { units, counts } = stepsOf([path('A>A>B', 2, 1), path('B>A', 0, 4)]);
    expect(units).toEqual(['A', 'B']);
    expect(counts.map((row) => [...row])).toEqual([
      [3, 4, 0, 0],
      [0, 3, 0, 4],
      [4, 0, 2, 1],
    ]);
  });
});

describe('edges', () => {
  it('no path is no credit', () => {
    expect(markov([])).toEqual([]);
    expect(markov([path('', 5, 0, 100)])).toEqual([]);
  });

  it('a single unit gets everything, however many null paths it has', () => {
    expect(markov([path('A', 3, 900, 501)])).toEqual([
      { unit: 'A', effect: 1, share: 1, conversions: 3, money_minor: 501 },
    ]);
  });

  it('money without conversions (a rebill) is still given to somebody', () => {
    expect(markov([path('A>B', 0, 0, 101)]).map((c) => c.money_minor)).toEqual([51, 50]);
  });

  it('null paths matter: a unit that most often fails is worth less than without them', () => {
    const good = path('A>C', 10);
    const share = (nulls: number) => markov([good, path('B>C', 10, nulls), path('B', 10)])[1]?.share ?? 0;
    expect(share(100)).not.toBeCloseTo(share(0), 2);
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { benjaminiHochberg } from '../../../lambdas/core/statistics/multiple.ts';

/** The fifteen p-values of the paper's own example. */
const paper = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
];

it('rejects the four that the paper rejects at .05, in whatever order they come', () => {
  expect(benjaminiHochberg(paper).filter((q) => (q ?? 1) <= 0.05)).toHaveLength(4);
  expect(benjaminiHochberg(paper.toReversed())).toEqual(benjaminiHochberg(paper).toReversed());
});

it('adjusts by rank and never lets a smaller p have a larger value', () => {
  expect(benjaminiHochberg([0.01, 0.04, 0.03, 0.005])).toEqual([0.02, 0.04, 0.04, 0.02]);
});

it('gives the better of two neighbours to both where the smaller p would come out worse', () => {
  const [a = 0, b = 0, c = 0] = benjaminiHochberg([0.001, 0.02, 0.021]);
  expect(a).toBeCloseTo(0.003, 12);
  expect([b, c]).toEqual([0.021, 0.021]);
});

it('leaves out what was not tested', () => {
  expect(benjaminiHochberg([null, 0.02, null])).toEqual([null, 0.02, null]);
  expect(benjaminiHochberg([])).toEqual([]);
});

it('rejects what the step-up rule rejects: all up to the largest rank k with p <= k·q/m', () => {
  const list = fc.array(fc.double({ min: 0, max: 0.3, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(list, fc.constantFrom(0.01, 0.05, 0.2), (p, rate) => {
      const sorted = p.toSorted((a, b) => a - b);
      const last = sorted.findLastIndex((value, rank) => (value * p.length) / (rank + 1) <= rate);
      const rejected = benjaminiHochberg(p).map((q) => (q ?? 1) <= rate);
      expect(rejected).toEqual(p.map((value) => last >= 0 && value <= (sorted[last] ?? 0)));
    }),
  );
});

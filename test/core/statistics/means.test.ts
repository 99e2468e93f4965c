import { describe, expect, it } from 'vitest';
import { type Sample, welch } from '../../../lambdas/core/statistics/means.ts';

function sample(values: readonly number[]): Sample {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  return { n, mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) };
}

/** Student's sleep data, on which R's `t.test(extra ~ group)` prints the values below. */
const first = sample([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]);
const second = sample([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]);

describe('Welch', () => {
  it('gives what R gives for the sleep data', () => {
    const found = welch(first, second);
    expect(found?.value).toBeCloseTo(-1.58, 10);
    expect(found?.df).toBeCloseTo(17.776, 3);
    expect(found?.p).toBeCloseTo(0.07939, 5);
    expect(found?.low).toBeCloseTo(-3.3654832, 7);
    expect(found?.high).toBeCloseTo(0.2054832, 7);
  });

  it('has p exactly where the interval ends at 0', () => {
    const p = welch(first, second)?.p ?? 0;
    expect(welch(first, second, 1 - p)?.high).toBeCloseTo(0, 10);
  });

  it('takes arms of a million with a normal’s precision', () => {
    const found = welch({ n: 9e5, mean: 1.02, variance: 400 }, { n: 1e5, mean: 1, variance: 380 });
    const error = Math.sqrt(400 / 9e5 + 380 / 1e5);
    expect(found?.low).toBeCloseTo(0.02 - 1.959977 * error, 5);
    expect(found?.p).toBeCloseTo(0.7589, 4);
  });

  it('is symmetric in its arms and undefined without spread or with one member', () => {
    expect(welch(second, first)?.low).toBe(-(welch(first, second)?.high ?? 0));
    expect(welch({ n: 1, mean: 3, variance: 0 }, second)).toBeNull();
    expect(welch(first, { n: 1, mean: 3, variance: 0 })).toBeNull();
    expect(welch({ n: 9, mean: 0, variance: 0 }, { n: 9, mean: 0, variance: 0 })).toBeNull();
  });

  it('stands on one arm’s spread where the other has none', () => {
    expect(welch(first, { n: 50, mean: 0, variance: 0 })?.df).toBeCloseTo(9, 10);
  });
});

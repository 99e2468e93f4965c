import { describe, expect, it } from 'vitest';
import { isReached, type Target } from '../../bench/support/benchmark.ts';
import { summary, toResult } from '../../bench/support/report.ts';
import { mean, median, percentile } from '../../bench/support/statistics.ts';

describe('isReached', () => {
  it.each<[Target['must'], number, boolean]>([
    ['be below', 0.2, false],
    ['be below', 0.19, true],
    ['be at most', 0.2, true],
    ['be at most', 0.21, false],
    ['be at least', 0.2, true],
    ['be at least', 0.19, false],
    ['equal', 0.2, true],
    ['equal', 0.2001, false],
  ])('a figure that must %s 0.2 and is %d: %s', (must, value, reached) => {
    expect(isReached({ figure: 'x', must, limit: 0.2 }, { x: value })).toBe(reached);
  });

  it('is not reached by a figure that is missing or no number', () => {
    const target: Target = { figure: 'x', must: 'be at most', limit: 1 };
    expect(isReached(target, {})).toBe(false);
    expect(isReached(target, { x: Number.NaN })).toBe(false);
  });
});

describe('statistics', () => {
  it('finds median, percentiles and mean', () => {
    const samples = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentile(samples, 0.99)).toBe(100);
    expect(percentile(samples, 0.5)).toBe(51);
    expect(median([9, 1, 5])).toBe(5);
    expect(mean(samples)).toBe(50.5);
  });
});

describe('a result', () => {
  it('says where it was measured, and that a target was missed', () => {
    const outcome = {
      figures: { load_ms: 81 },
      targets: [{ figure: 'load_ms', must: 'be at most', limit: 80 } as const],
      notes: ['a note'],
    };
    const conditions = { load_before: 0, others_before: 0.01, others_during: 0.02, others_after: 0 };
    const run = async () => outcome;
    const result = toResult({ name: 'x', title: 'Loading', run }, { outcome, conditions }, 3);
    expect(result).toMatchObject({ node: process.version, runs: 3, machine: { cores: expect.any(Number) } });
    expect(result.targets).toEqual([{ figure: 'load_ms', target: 'must be at most 80', reached: false }]);
    const text = summary(result, []);
    expect(text).toMatch(/MISSED {3}load_ms must be at most 80/);
    expect(text).toContain('the quietest of 3 runs');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterSums, ratioDifference, ratioOfSums } from '../../../lambdas/core/statistics/ratio.ts';
import { seeded } from '../seeded.ts';

type Pair = readonly [number, number];
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const covariance = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, x, i) => sum + (x - mean(a)) * ((b[i] ?? 0) - mean(b)), 0) / (a.length - 1);

/** The formula as it is printed (measurement of ratios by the delta method), for pairs. */
function printedVariance(pairs: readonly Pair[]): number {
  const [r, c] = [pairs.map(([x]) => x), pairs.map(([, x]) => x)];
  const ratio = mean(r) / mean(c);
  const spread = covariance(r, r) - 2 * ratio * covariance(r, c) + ratio ** 2 * covariance(c, c);
  return spread / pairs.length / mean(c) ** 2;
}

/** Subscribers who click 1 to 5 times and buy for `worth` a click, more or less, with those who click more buying more. */
function subscribers(n: number, worth: number, random: () => number): Pair[] {
  return Array.from({ length: n }, () => {
    const clicks = 1 + Math.floor(random() * 5);
    return [random() < 0.3 ? clicks * worth * (1 / 0.3) * 2 * random() : 0, clicks] as const;
  });
}

describe('ratio of sums', () => {
  it('is the printed formula', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 30,
    });
    fc.assert(
      fc.property(pairs, (list) => {
        const found = ratioOfSums({ sums: clusterSums(list) });
        const half = 1.9599639845400538 * Math.sqrt(printedVariance(list));
        expect((found?.high ?? 0) - (found?.value ?? 0)).toBeCloseTo(half, 4);
      }),
    );
  });

  it('is the unpooled interval of two rates where every cluster is one try: [.0000865, .0059135]', () => {
    const rate = (n: number, hits: number) => ({ sums: { n, r: hits, c: n, rr: hits, rc: hits, cc: n } });
    const found = ratioDifference(rate(90_000, 2_070), rate(10_000, 200));
    expect(found?.value).toBeCloseTo(0.003, 12);
    expect(Math.abs((found?.low ?? 0) - 0.0000865)).toBeLessThan(2e-7);
    expect(Math.abs((found?.high ?? 0) - 0.0059135)).toBeLessThan(2e-7);
  });

  it('holds the truth in about 95 of 100 samples, where rows taken for independent would not', () => {
    const random = seeded(7);
    let [clustered, naive] = [0, 0];
    for (let i = 0; i < 400; i += 1) {
      const list = subscribers(300, 10, random);
      const found = ratioOfSums({ sums: clusterSums(list) });
      const rows = list.flatMap(([revenue, clicks]) =>
        Array.from({ length: clicks }, (): Pair => [revenue / clicks, 1]),
      );
      const flat = ratioOfSums({ sums: clusterSums(rows) });
      if ((found?.low ?? 99) <= 10 && 10 <= (found?.high ?? 0)) clustered += 1;
      if ((flat?.low ?? 99) <= 10 && 10 <= (flat?.high ?? 0)) naive += 1;
    }
    expect(clustered).toBeGreaterThan(365);
    expect(naive).toBeLessThan(330);
  });

  it('of a constant has no width', () => {
    const list = Array.from({ length: 40 }, (_, i): Pair => [3 * (1 + i), 1 + i]);
    expect(ratioOfSums({ sums: clusterSums(list) })).toEqual({ value: 3, low: 3, high: 3, smallSample: false });
    for (const ratio of [0.1, 1 / 3, 0.7, 1.1, Math.PI]) {
      const awkward = list.map(([, c]): Pair => [ratio * c, c]);
      expect(ratioOfSums({ sums: clusterSums(awkward) })?.low).toBeCloseTo(ratio, 6);
    }
  });
});

describe('difference of ratios', () => {
  const random = seeded(11);
  const a = { sums: clusterSums(subscribers(500, 12, random)) };
  const b = { sums: clusterSums(subscribers(400, 10, random)) };

  it('has p exactly where the interval ends at 0, and mirrors', () => {
    const found = ratioDifference(a, b);
    const p = found?.p ?? 0;
    const end = (found?.value ?? 0) > 0 ? 'low' : 'high';
    expect(ratioDifference(a, b, 1 - p)?.[end]).toBeCloseTo(0, 9);
    expect(ratioDifference(b, a)?.low).toBeCloseTo(-(found?.high ?? 0), 12);
    expect(ratioDifference(b, a)?.p).toBe(found?.p);
  });

  it('has no p where nothing varies', () => {
    const flat = { sums: clusterSums(Array.from({ length: 40 }, (): Pair => [2, 1])) };
    expect(ratioDifference(flat, flat)).toEqual({ value: 0, low: 0, high: 0, p: null, smallSample: false });
  });
});

describe('small samples', () => {
  const of = (n: number) => clusterSums(Array.from({ length: n }, (_, i): Pair => [i % 3, 1]));
  const blank = { low: null, high: null, smallSample: true };

  it.each([
    ['29 clusters', { sums: of(29) }],
    ['9 conversions', { sums: of(300), conversions: 9 }],
  ])('%s give the value only', (_, input) => {
    expect(ratioOfSums(input)).toMatchObject(blank);
    expect(ratioOfSums(input)?.value).toBeGreaterThan(0);
    expect(ratioDifference(input, { sums: of(300) })).toMatchObject({ ...blank, p: null });
    expect(ratioDifference({ sums: of(300) }, input)).toMatchObject({ ...blank, p: null });
  });

  it('30 clusters and 10 conversions are enough', () => {
    expect(ratioOfSums({ sums: of(30), conversions: 10 })?.smallSample).toBe(false);
  });

  it('a zero denominator is no ratio', () => {
    const none = { sums: clusterSums([[5, 0]]) };
    expect(ratioOfSums(none)).toBeNull();
    expect(ratioDifference(none, { sums: of(40) })).toBeNull();
    expect(ratioDifference({ sums: of(40) }, none)).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalTails } from '../../../lambdas/core/statistics/distributions.ts';
import type { Share } from '../../../lambdas/core/statistics/estimate.ts';
import { newcombe, relativeLift, wilson } from '../../../lambdas/core/statistics/proportions.ts';
import { sampleRatio } from '../../../lambdas/core/statistics/sample-ratio.ts';

const treated = { count: 2_070, of: 90_000 };
const control = { count: 200, of: 10_000 };
const share = fc
  .tuple(fc.integer({ min: 1, max: 200_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([of, part]): Share => ({ count: Math.round(of * part), of }));

describe('90,000 × 2,070 against 10,000 × 200', () => {
  it('is D .003 with Newcombe [-.0000867, .0057533]', () => {
    const { value, low, high } = newcombe(treated, control) ?? fail();
    expect(value).toBeCloseTo(0.003, 12);
    expect(low).toBeCloseTo(-0.0000867, 7);
    expect(high).toBeCloseTo(0.0057533, 7);
    expect(value * treated.of).toBeCloseTo(270, 9);
  });

  it('has the p-value of its own interval, above .05 as the interval holds 0', () => {
    const { p } = newcombe(treated, control) ?? fail();
    expect(newcombe(treated, control, 1 - p)?.low).toBeCloseTo(0, 12);
    expect(p).toBeGreaterThan(0.05);
    expect(p).toBeLessThan(0.07);
  });

  it('is a lift of 15 % within [-.39 %, 32.77 %]', () => {
    const { value, low, high } = relativeLift(treated, control) ?? fail();
    expect(value).toBeCloseTo(0.15, 12);
    expect(low).toBeCloseTo(-0.0039, 4);
    expect(high).toBeCloseTo(0.3277, 4);
  });

  it('has the pooled z 1.910802 and p .056030, here by chi-square: the test that is not reported, as its pair disagrees', () => {
    const pooled = (treated.count + control.count) / (treated.of + control.of);
    const { chi2 } = sampleRatio([treated.count, control.count], [treated.of, control.of]) ?? fail();
    const z = Math.sqrt(chi2 / (1 - pooled));
    expect(z).toBeCloseTo(1.910802, 6);
    expect(normalTails(z)).toBeCloseTo(0.05603, 6);
  });
});

describe('published examples', () => {
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('Wilson %d/%d (Newcombe 1998, table I)', (count, of, low, high) => {
    expect(wilson({ count, of })?.low).toBeCloseTo(low, 4);
    expect(wilson({ count, of })?.high).toBeCloseTo(high, 4);
  });

  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('Newcombe %d/%d against %d/%d (1998, table II, method 10)', (a, m, b, n, low, high) => {
    const found = newcombe({ count: a, of: m }, { count: b, of: n });
    expect(found?.low).toBeCloseTo(low, 4);
    expect(found?.high).toBeCloseTo(high, 4);
  });
});

describe('interval and p-value', () => {
  it('never disagree, at any confidence', () => {
    fc.assert(
      fc.property(share, share, fc.double({ min: 0.5, max: 0.999, noNaN: true }), (a, b, confidence) => {
        const { low, high, p } = newcombe(a, b, confidence) ?? fail();
        fc.pre(Math.abs(p - (1 - confidence)) > 1e-9);
        expect(p < 1 - confidence).toBe(low > 0 || high < 0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('mirror each other when the arms change places', () => {
    fc.assert(
      fc.property(share, share, (a, b) => {
        const [one, other] = [newcombe(a, b) ?? fail(), newcombe(b, a) ?? fail()];
        expect(one.low).toBeCloseTo(-other.high, 12);
        expect(one.p).toBeCloseTo(other.p, 9);
      }),
    );
  });

  it('keep the value inside, and Wilson keeps within 0 and 1', () => {
    fc.assert(
      fc.property(share, share, (a, b) => {
        const [w, d] = [wilson(a) ?? fail(), newcombe(a, b) ?? fail()];
        expect(0 <= w.low && w.low <= w.value && w.value <= w.high && w.high <= 1).toBe(true);
        expect(-1 <= d.low && d.low <= d.value && d.value <= d.high && d.high <= 1).toBe(true);
      }),
    );
  });

  it('end at 0 and 1 exactly where nobody or everybody did', () => {
    const confidence = fc.double({ min: 0.5, max: 0.9999, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), confidence, (of, level) => {
        expect(wilson({ count: 0, of }, level)?.low).toBe(0);
        expect(wilson({ count: of, of }, level)?.high).toBe(1);
      }),
    );
  });

  it('of equal rates is 1', () => expect(newcombe({ count: 1, of: 10 }, { count: 10, of: 100 })?.p).toBe(1));
});

describe('where nothing can be said', () => {
  it.each([
    ['nobody', { count: 0, of: 0 }],
    ['more hits than tries', { count: 11, of: 10 }],
    ['negative counts', { count: -1, of: 10 }],
  ])('%s gives null', (_, bad) => {
    expect(wilson(bad)).toBeNull();
    expect(newcombe(bad, control)).toBeNull();
    expect(newcombe(treated, bad)).toBeNull();
    expect(relativeLift(bad, control)).toBeNull();
    expect(relativeLift(treated, bad)).toBeNull();
  });

  it('no lift over a control rate of 0, no ends of a lift to 0', () => {
    expect(relativeLift(treated, { count: 0, of: 10_000 })).toBeNull();
    expect(relativeLift({ count: 0, of: 90_000 }, control)).toEqual({ value: -1, low: null, high: null });
  });
});

function fail(): never {
  throw new Error('expected a value');
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SAMPLE_RATIO_ALARM, sampleRatio } from '../../../lambdas/core/statistics/sample-ratio.ts';

describe('sample ratio', () => {
  it('of two arms has one degree of freedom', () => {
    const { chi2, p } = sampleRatio([50_500, 49_500], [0.5, 0.5]) ?? { chi2: 0, p: 1 };
    expect(chi2).toBeCloseTo(10, 10);
    expect(p).toBeCloseTo(0.0015654022580025, 14);
  });

  it('of three arms has two: p = exp(-chi2 / 2)', () => {
    const { chi2, p } = sampleRatio([4_100, 2_900, 3_000], [40, 30, 30]) ?? { chi2: 0, p: 1 };
    expect(chi2).toBeCloseTo(100 ** 2 / 4_000 + 100 ** 2 / 3_000, 10);
    expect(p).toBeCloseTo(Math.exp(-chi2 / 2), 14);
  });

  it('alarms where a tenth was planned and 9.5 % came, not within chance', () => {
    expect(sampleRatio([90_500, 9_500], [9, 1])?.p).toBeLessThan(SAMPLE_RATIO_ALARM);
    expect(sampleRatio([90_050, 9_950], [9, 1])?.p).toBeGreaterThan(0.5);
  });

  it('is certain of people in an arm that should have none', () => {
    expect(sampleRatio([900, 100, 1], [0.9, 0.1, 0])).toEqual({ chi2: Number.POSITIVE_INFINITY, p: 0 });
    expect(sampleRatio([900, 100, 0], [0.9, 0.1, 0])).toEqual({ chi2: 0, p: 1 });
  });

  it.each([
    ['nobody assigned', [0, 0], [0.5, 0.5]],
    ['one arm', [10], [1]],
    ['one arm of two in use', [10, 0], [1, 0]],
    ['arms without a share', [10, 10], [0.5]],
    ['no arms', [], []],
  ])('is undefined with %s', (_, observed, shares) => expect(sampleRatio(observed, shares)).toBeNull());

  it('does not care about order or scale, and is 1 at the plan', () => {
    const arms = fc.array(fc.tuple(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 1, max: 100 })), {
      minLength: 2,
      maxLength: 6,
    });
    fc.assert(
      fc.property(arms, fc.integer({ min: 1, max: 50 }), (list, scale) => {
        fc.pre(list.some(([n]) => n > 0));
        const given = sampleRatio(
          list.map(([n]) => n),
          list.map(([, share]) => share),
        );
        const turned = list.toReversed();
        const other = sampleRatio(
          turned.map(([n]) => n),
          turned.map(([, share]) => share * scale),
        );
        expect(other?.p).toBeCloseTo(given?.p ?? -1, 9);
        const shares = list.map(([, share]) => share);
        expect(sampleRatio(shares, shares)).toEqual({ chi2: 0, p: 1 });
      }),
    );
  });
});

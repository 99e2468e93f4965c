import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimumDetectable, sampleSize } from '../../../lambdas/core/statistics/power.ts';

describe('sample size at alpha .05 and power .8', () => {
  it.each([
    [0.02, 0.1, 80_679],
    [0.02, 0.2, 21_106],
    [0.05, 0.1, 31_231],
  ])('base %d, effect %d: %d per arm', (baseRate, effect, n) => {
    expect(sampleSize({ baseRate, effect })).toEqual({ control: n, treated: n });
  });

  it('base 2 %, +10 %, a tenth held out: 43,151 and 388,359', () => {
    expect(sampleSize({ baseRate: 0.02, effect: 0.1, ratio: 9 })).toEqual({ control: 43_151, treated: 388_359 });
  });

  it('grows with what is demanded', () => {
    const plan = { baseRate: 0.02, effect: 0.1 };
    const size = (more: object) => sampleSize({ ...plan, ...more })?.control ?? 0;
    expect(size({ power: 0.9 })).toBeGreaterThan(size({}));
    expect(size({ alpha: 0.01 })).toBeGreaterThan(size({}));
    expect(size({ power: 0.4 })).toBeLessThan(size({ power: 0.5 }));
  });

  it.each([
    ['no effect', { baseRate: 0.02, effect: 0 }],
    ['a rate of 0', { baseRate: 0, effect: 0.1 }],
    ['a rate above 1', { baseRate: 0.9, effect: 0.2 }],
    ['a rate below 0', { baseRate: 0.02, effect: -1.1 }],
    ['no treated arm', { baseRate: 0.02, effect: 0.1, ratio: 0 }],
  ])('is undefined for %s', (_, plan) => expect(sampleSize(plan)).toBeNull());
});

describe('minimum detectable effect', () => {
  it('is the planned one at the planned sizes', () => {
    expect(minimumDetectable({ baseRate: 0.02, control: 80_679, treated: 80_679 })).toBeCloseTo(0.002, 7);
    expect(minimumDetectable({ baseRate: 0.02, control: 43_151, treated: 388_359 })).toBeCloseTo(0.002, 7);
  });

  it('undoes the sample size', () => {
    const rate = fc.double({ min: 0.001, max: 0.5, noNaN: true });
    const effect = fc.double({ min: 0.05, max: 0.9, noNaN: true });
    const ratio = fc.constantFrom(0.5, 1, 4, 9);
    fc.assert(
      fc.property(rate, effect, ratio, (baseRate, more, by) => {
        const size = sampleSize({ baseRate, effect: more, ratio: by }) ?? { control: 0, treated: 0 };
        const found = minimumDetectable({ baseRate, ...size }) ?? 0;
        const fewer = minimumDetectable({ baseRate, control: size.control - 1, treated: (size.control - 1) * by });
        expect(found).toBeLessThanOrEqual(baseRate * more * (1 + 1e-9));
        if (size.control > 2 && fewer !== null) expect(fewer).toBeGreaterThanOrEqual(baseRate * more * (1 - 1e-9));
      }),
    );
  });

  it.each([
    ['an empty arm', { baseRate: 0.02, control: 0, treated: 10 }],
    ['a rate of 1', { baseRate: 1, control: 10, treated: 10 }],
    ['arms too small for any rise', { baseRate: 0.9, control: 3, treated: 3 }],
  ])('is undefined for %s', (_, arms) => expect(minimumDetectable(arms)).toBeNull());
});

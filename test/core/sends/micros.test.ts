import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMicros, microsOfNumber, toMicros } from '../../../lambdas/core/sends/micros.ts';

describe('micros', () => {
  it('hold a price exactly, and come back as the shortest text the currency allows', () => {
    expect([toMicros('0.00581'), toMicros('49.90'), toMicros('7'), toMicros('0.000001')]).toEqual([
      5_810, 49_900_000, 7_000_000, 1,
    ]);
    expect([formatMicros(5_810, 2), formatMicros(49_900_000, 2), formatMicros(7_000_000, 0)]).toEqual([
      '0.00581',
      '49.90',
      '7',
    ]);
  });

  it('refuse what is no amount or no exact integer', () => {
    for (const text of ['', '-1', '1,5', '1.', '.5', '1.1234567', '1e3', '9007199255.740993'])
      expect(toMicros(text)).toBeNull();
    expect(toMicros('9007199254.740991')).toBe(Number.MAX_SAFE_INTEGER);
    for (const value of ['1', null, Number.NaN, -1, 1e300]) expect(microsOfNumber(value)).toBeNull();
    expect(microsOfNumber(0.09582)).toBe(95_820);
  });

  it('survive the way there and back', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 0, max: 3 }), (micros, exponent) => {
        expect(toMicros(formatMicros(micros, exponent))).toBe(micros);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase62, toBase62 } from '../../lambdas/core/base62.ts';
import { highBits, newHalves } from '../../lambdas/core/permutation.ts';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function inBigIntegers(value: bigint, length: number): string {
  return Array.from({ length }, (_, at) => DIGITS[Number((value / 62n ** BigInt(length - 1 - at)) % 62n)]).join('');
}

const anyValue = fc
  .constantFrom({ bits: 53, length: 9 }, { bits: 59, length: 10 }, { bits: 65, length: 11 })
  .chain(({ bits, length }) =>
    fc.record({
      bits: fc.constant(bits),
      length: fc.constant(length),
      value: fc.bigInt(0n, (1n << BigInt(bits)) - 1n),
    }),
  );

describe('base62', () => {
  it('writes and reads numbers beyond what a double holds', () => {
    fc.assert(
      fc.property(anyValue, ({ bits, length, value }) => {
        const lowBits = BigInt(bits - highBits(bits));
        const halves = newHalves(1);
        halves.high[0] = Number(value >> lowBits);
        halves.low[0] = Number(value & ((1n << lowBits) - 1n));
        const [text = ''] = toBase62(halves, bits, length);
        expect(text).toBe(inBigIntegers(value, length));
        expect(fromBase62(text, bits)).toEqual({ high: halves.high[0], low: halves.low[0] });
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses numbers of more bits and characters that are no digits', () => {
    expect(fromBase62(inBigIntegers(2n ** 53n - 1n, 9), 53)).not.toBeNull();
    expect(fromBase62(inBigIntegers(2n ** 53n, 9), 53)).toBeNull();
    expect(fromBase62('zzzzzzzzzzz', 65)).toBeNull();
    expect(fromBase62('abc_efghi', 53)).toBeNull();
  });
});

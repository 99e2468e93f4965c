import type { Cipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { highBits, newHalves, permute, unpermute } from '../../lambdas/core/permutation.ts';

const key = parseKeyring(JSON.stringify({ key_1: 'a'.repeat(64) })).minting(0);

/** The same network written down a second time, one value at a time and in big integers. */
function oracle(cipher: Cipheriv, bits: number, value: bigint): bigint {
  const lowBits = BigInt(bits - highBits(bits));
  let high = value >> lowBits;
  let low = value & ((1n << lowBits) - 1n);
  for (let round = 0; round < 10; round++) {
    const block = Buffer.alloc(16);
    block.writeUInt8(bits, 0);
    block.writeUInt8(round, 1);
    block.writeBigUInt64BE(round % 2 === 0 ? low : high, 8);
    const changedBits = round % 2 === 0 ? BigInt(highBits(bits)) : lowBits;
    const word = cipher.update(block).readBigUInt64BE(0);
    const add = changedBits > 32n ? word & ((1n << changedBits) - 1n) : (word & 0xffff_ffffn) >> (32n - changedBits);
    if (round % 2 === 0) high = (high + add) % (1n << changedBits);
    else low = (low + add) % (1n << changedBits);
  }
  return (high << lowBits) | low;
}

function halvesOf(bits: number, values: readonly bigint[]) {
  const halves = newHalves(values.length);
  const lowBits = BigInt(bits - highBits(bits));
  for (const [index, value] of values.entries()) {
    halves.high[index] = Number(value >> lowBits);
    halves.low[index] = Number(value & ((1n << lowBits) - 1n));
  }
  return halves;
}

function valuesOf(bits: number, { high, low }: { high: Float64Array; low: Float64Array }): bigint[] {
  const lowBits = BigInt(bits - highBits(bits));
  return [...high].map((upper, index) => (BigInt(upper) << lowBits) | BigInt(low[index] ?? 0));
}

const anyBatch = fc
  .integer({ min: 2, max: 80 })
  .chain((bits) =>
    fc.tuple(fc.constant(bits), fc.array(fc.bigInt(0n, (1n << BigInt(bits)) - 1n), { minLength: 1, maxLength: 20 })),
  );

describe('permutation', () => {
  it('agrees with the network written down in big integers', () => {
    fc.assert(
      fc.property(anyBatch, ([bits, values]) => {
        const halves = halvesOf(bits, values);
        permute(key.codeCipher, bits, halves);
        expect(valuesOf(bits, halves)).toEqual(values.map((value) => oracle(key.codeCipher, bits, value)));
      }),
    );
  });

  it('is undone by its inverse, whatever the bits and the size of the batch', () => {
    fc.assert(
      fc.property(anyBatch, ([bits, values]) => {
        const halves = halvesOf(bits, values);
        permute(key.codeCipher, bits, halves);
        unpermute(key.codeCipher, bits, halves);
        expect(valuesOf(bits, halves)).toEqual(values);
      }),
    );
  });

  it.each([2, 3, 8, 11, 14])('maps the numbers of %i bits one to one onto themselves', (bits) => {
    const all = Array.from({ length: 2 ** bits }, (_, value) => BigInt(value));
    const halves = halvesOf(bits, all);
    permute(key.codeCipher, bits, halves);
    expect(valuesOf(bits, halves).toSorted((a, b) => Number(a - b))).toEqual(all);
  });

  it('is another one under another cipher and for another number of bits', () => {
    const under = (cipher: Cipheriv, bits: number) => {
      const halves = halvesOf(bits, [1n, 2n, 3n]);
      permute(cipher, bits, halves);
      return valuesOf(bits, halves).join();
    };
    const results = [under(key.codeCipher, 53), under(key.promoCipher, 53), under(key.codeCipher, 52)];
    expect(new Set(results).size).toBe(3);
  });

  it('refuses numbers too long for its arithmetic', () => {
    expect(() => permute(key.codeCipher, 105, newHalves(1))).toThrow(RangeError);
    expect(() => permute(key.codeCipher, 1, newHalves(1))).toThrow(RangeError);
  });
});

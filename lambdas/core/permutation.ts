import type { Cipheriv } from 'node:crypto';

/**
 * A keyed permutation of the numbers of `bits` bits: a Feistel network of 10 rounds whose round function is one AES block,
 * halves added modulo their size, after FF1 of NIST SP 800-38G (the rounds and the addition; the encoding of the block is ours).
 * Ten rounds are what FF1 prescribes for halves of this size. The values of a batch go through each round together, since a
 * call of the cipher costs far more than a block.
 */

/** Numbers split in two: `high` holds the upper floor(bits / 2) bits, `low` the rest. Permuted in place. */
export interface Halves {
  readonly high: Float64Array;
  readonly low: Float64Array;
}

const ROUNDS = 10;
const BLOCK = 16;
const WORD = 2 ** 32;
/** Both halves have to fit a few bits more than a word, see {@link addRound}. */
const MAX_BITS = 104;

/** Bits of the upper half; the lower one has the rest. */
export function highBits(bits: number): number {
  return bits >> 1;
}

export function newHalves(count: number): Halves {
  return { high: new Float64Array(count), low: new Float64Array(count) };
}

/** Permutes the numbers in place. `cipher` is AES in ECB mode without padding; it is reused, never finished. */
export function permute(cipher: Cipheriv, bits: number, halves: Halves): void {
  const blocks = blocksFor(bits, halves.high.length);
  for (let round = 0; round < ROUNDS; round++) runRound(cipher, blocks, bits, halves, round, 1);
}

/** Undoes {@link permute}. */
export function unpermute(cipher: Cipheriv, bits: number, halves: Halves): void {
  const blocks = blocksFor(bits, halves.high.length);
  for (let round = ROUNDS - 1; round >= 0; round--) runRound(cipher, blocks, bits, halves, round, -1);
}

/** One block a value: number of bits, round, six zero bytes, the half that drives the round in eight bytes. */
function blocksFor(bits: number, count: number): DataView {
  if (bits < 2 || bits > MAX_BITS) throw new RangeError(`a permutation takes 2 to ${MAX_BITS} bits`);
  const blocks = new DataView(new ArrayBuffer(count * BLOCK));
  for (let at = 0; at < blocks.byteLength; at += BLOCK) blocks.setUint8(at, bits);
  return blocks;
}

/** Even rounds change the upper half by the lower one, odd rounds the lower by the upper. */
function runRound(cipher: Cipheriv, blocks: DataView, bits: number, halves: Halves, round: number, sign: 1 | -1): void {
  const isEven = round % 2 === 0;
  const [changed, driving] = isEven ? [halves.high, halves.low] : [halves.low, halves.high];
  for (let index = 0, at = 0; index < driving.length; index++, at += BLOCK) {
    const half = driving[index] as number;
    blocks.setUint8(at + 1, round);
    blocks.setUint32(at + 8, half / WORD);
    blocks.setUint32(at + 12, half);
  }
  addRound(changed, cipher.update(blocks), isEven ? highBits(bits) : bits - highBits(bits), sign);
}

/** Adds the first bits of each block to its half, or takes them away, modulo 2^bits. */
function addRound(changed: Float64Array, blocks: Buffer, bits: number, sign: 1 | -1): void {
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.length);
  const size = 2 ** bits;
  const upperSize = size > WORD ? size / WORD : 1;
  const lowerShift = size > WORD ? 0 : 32 - bits;
  for (let index = 0, at = 0; index < changed.length; index++, at += BLOCK) {
    const upper = upperSize === 1 ? 0 : (view.getUint32(at) % upperSize) * WORD;
    const mixed = (changed[index] as number) + sign * (upper + (view.getUint32(at + 4) >>> lowerShift));
    changed[index] = mixed >= size ? mixed - size : mixed < 0 ? mixed + size : mixed;
  }
}

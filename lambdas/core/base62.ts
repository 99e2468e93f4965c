import { type Halves, highBits } from './permutation.ts';

/** Digits of personal codes: 0-9 A-Z a-z, in the order of ASCII. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = DIGITS.length;
const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));

/** Two digits are taken off at once: the remainder of the upper half times 2^33 plus the lower half stays a safe integer. */
const PAIR = BASE * BASE;
const PAIR_BYTES = Buffer.from(
  [...DIGITS].flatMap((first) => [...DIGITS].map((second) => first + second)).join(''),
  'latin1',
);

/**
 * Writes numbers of `bits` bits as texts of `length` digits, the most significant first. `bits` is at most 66, so that a half
 * has at most 33.
 */
export function toBase62(halves: Halves, bits: number, length: number): string[] {
  const count = halves.high.length;
  const lowSize = 2 ** (bits - highBits(bits));
  const bytes = Buffer.allocUnsafe(count * length);
  for (let index = 0; index < count; index++) {
    const end = index * length + length;
    writeDigits(bytes, end, length, halves.high[index] as number, halves.low[index] as number, lowSize);
  }
  const text = bytes.toString('latin1', 0, count * length);
  return Array.from({ length: count }, (_, index) => text.substring(index * length, index * length + length));
}

/** Writes from the last digit to the first; an odd first digit stands alone. */
function writeDigits(bytes: Buffer, end: number, length: number, high: number, low: number, lowSize: number): void {
  let upper = high;
  let lower = low;
  for (let left = length; left > 0; left -= 2) {
    const quotient = Math.floor(upper / PAIR);
    const carried = (upper - quotient * PAIR) * lowSize + lower;
    upper = quotient;
    lower = Math.floor(carried / PAIR);
    const at = (carried - lower * PAIR) * 2;
    const position = end - (length - left);
    bytes[position - 1] = PAIR_BYTES[at + 1] as number;
    if (left > 1) bytes[position - 2] = PAIR_BYTES[at] as number;
  }
}

/** Reads digits into the halves of a number of `bits` bits; null where a character is no digit or the number has more bits. */
export function fromBase62(text: string, bits: number): { readonly high: number; readonly low: number } | null {
  const lowSize = 2 ** (bits - highBits(bits));
  let high = 0;
  let low = 0;
  for (const character of text) {
    const value = VALUES.get(character);
    if (value === undefined) return null;
    const sum = low * BASE + value;
    const carry = Math.floor(sum / lowSize);
    low = sum - carry * lowSize;
    high = high * BASE + carry;
  }
  return high < 2 ** highBits(bits) ? { high, low } : null;
}

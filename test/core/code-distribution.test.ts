import { describe, expect, it } from 'vitest';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { decodeCode, mintCodes } from '../../lambdas/core/personal-code.ts';
import { promoCodes } from '../../lambdas/core/promo-code.ts';

/** What the design says of codes as a crowd. The keys are fixed, so the figures are the same in every run. */

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const keyring = parseKeyring(JSON.stringify({ key_1: 'distribution'.repeat(6) }));
const key = keyring.minting(0);
const COUNT = 60_000;
const codes = mintCodes(
  7,
  Array.from({ length: COUNT }, (_, at) => at + 1),
  key,
);

/** Linear congruences as in Numerical Recipes: good enough to pick characters, and always the same. */
function picker(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Chi-square of counts against equal shares, in standard deviations from its mean. */
function uniformity(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  return (chiSquare - freedom) / Math.sqrt(2 * freedom);
}

const countsAt = (texts: readonly string[], at: number, alphabet: string) =>
  [...alphabet].map((digit) => texts.filter((text) => text[at] === digit).length);

describe('codes of subscribers in a row', () => {
  it('are all different', () => expect(new Set(codes).size).toBe(COUNT));

  it('show no order: each position but the first, which 53 bits do not fill, is uniform', () => {
    for (let at = 2; at < 9; at++) expect(Math.abs(uniformity(countsAt(codes, at, DIGITS)))).toBeLessThan(4);
  });

  it('rise as often as they fall, and share no more characters with their neighbour than chance would', () => {
    const rises = codes.filter((code, at) => at > 0 && code > (codes[at - 1] ?? '')).length;
    expect(Math.abs(rises / COUNT - 0.5)).toBeLessThan(0.01);
    const alike = codes.map((code, at) => [...code].filter((digit, place) => digit === codes[at - 1]?.[place]).length);
    const average = alike.reduce((sum, count) => sum + count, 0) / COUNT;
    // Eight positions of 62 digits, and the first of about 41.
    expect(average).toBeCloseTo(8 / 62 + 1 / 41, 1.7);
  });

  it('have nothing in common with the same subscribers’ codes on the next link', () => {
    const next = mintCodes(
      8,
      Array.from({ length: COUNT }, (_, at) => at + 1),
      key,
    );
    const alike = next.filter((code, at) => code.slice(0, 3) === codes[at]?.slice(0, 3)).length;
    expect(alike).toBeLessThan(COUNT / 20_000 + 10);
  });
});

describe('wrong codes', () => {
  const accepted = (texts: readonly string[]) => texts.filter((text) => decodeCode(text, keyring).length > 0).length;

  it('pass as seldom as the zeros say: random ones 2^53 ÷ 62^9 ÷ 2^11, one in 3,078', () => {
    const pick = picker(1);
    const guesses = Array.from({ length: 100_000 }, () => Array.from({ length: 9 }, () => DIGITS[pick(62)]).join(''));
    // 32.5 expected, standard deviation 5.7.
    const passed = accepted(guesses);
    expect(passed).toBeGreaterThan(10);
    expect(passed).toBeLessThan(56);
  });

  it('one character off pass no more often than one in 2^11', () => {
    const pick = picker(2);
    const changed = Array.from({ length: 100_000 }, () => {
      const code = codes[pick(COUNT)] ?? '';
      const at = pick(9);
      const digit = DIGITS[(DIGITS.indexOf(code[at] ?? '') + 1 + pick(61)) % 62];
      return code.slice(0, at) + digit + code.slice(at + 1);
    });
    // At most 48.8 expected, standard deviation 7.
    expect(accepted(changed)).toBeLessThan(77);
  });

  it('hardly ever hit what was minted: a million subscribers on a hundred links are 10^8 of 2^53 texts', () => {
    const pick = picker(3);
    const guesses = Array.from({ length: 100_000 }, () => Array.from({ length: 9 }, () => DIGITS[pick(62)]).join(''));
    const hits = guesses
      .flatMap((guess) => decodeCode(guess, keyring))
      .filter(({ linkNo, subscriberNo }) => linkNo <= 100 && subscriberNo <= 1_000_000);
    expect(hits).toEqual([]);
  });
});

it('promo codes of subscribers in a row are all different, and each digit is uniform', () => {
  const promos = promoCodes(
    3,
    Array.from({ length: 30_000 }, (_, at) => at + 1),
    key,
    '',
  ).map((code) => code.slice(1));
  expect(new Set(promos).size).toBe(30_000);
  for (let at = 0; at < 9; at++)
    expect(Math.abs(uniformity(countsAt(promos, at, '0123456789ABCDEFGHJKMNPQRSTVWXYZ')))).toBeLessThan(4);
});

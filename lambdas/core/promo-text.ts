/** How promo codes are spelled: Crockford's base32 (https://www.crockford.com/base32.html) and a check character over GF(32). */

/** Digits by value: no I, L, O (they look like 1, 1, 0) and no U. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LOOK_ALIKES: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };
const VALUES = new Map([
  ...[...DIGITS].map((digit, value) => [digit, value] as const),
  ...Object.entries(LOOK_ALIKES).map(([alike, digit]) => [alike, DIGITS.indexOf(digit)] as const),
]);

/** Values of the digits of an upper-case text; null where a character is no digit. */
export function promoValues(text: string): number[] | null {
  const values = [...text].map((character) => VALUES.get(character));
  return values.every((value) => value !== undefined) ? values : null;
}

/** True where two prefixes differ by nothing but case and look-alikes. */
export function isSamePrefix(a: string, b: string): boolean {
  return foldLookAlikes(a) === foldLookAlikes(b);
}

/** A text in upper case with its look-alikes as the digits they are read as: the same for all spellings of a prefix. */
export function foldLookAlikes(text: string): string {
  return text.toUpperCase().replace(/[OIL]/g, (character) => LOOK_ALIKES[character] ?? character);
}

/** x^5 + x^2 + 1 is primitive over GF(2): 2 generates all 31 elements but 0. */
const POLYNOMIAL = 0b100101;
const double = (value: number) => ((value << 1) & 32 ? (value << 1) ^ POLYNOMIAL : value << 1);

/**
 * Check value of the digits before it: with it the sum of all digits, each times a power of 2 in GF(32), is 0. A wrong digit
 * changes the sum by a product of two elements that are not 0; two swapped digits by the product of their difference and that
 * of their weights, which are all different up to 31 digits. So both always show.
 */
function checkValue(values: readonly number[]): number {
  return values.reduce((sum, value) => double(sum ^ value), 0);
}

/** The text of digits with their check character at the end. */
export function promoText(values: readonly number[]): string {
  return [...values, checkValue(values)].map((value) => DIGITS[value]).join('');
}

/** True where the last value is the check value of the others. */
export function isValidWord(values: readonly number[]): boolean {
  return checkValue(values.slice(0, -1)) === values.at(-1);
}

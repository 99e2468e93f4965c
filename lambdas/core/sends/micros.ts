/** Prices of single messages are fractions of a cent, so they are kept in millionths of the currency (micros), as integers. */
const DIGITS = 6;
export const MICROS = 1_000_000;

/**
 * A decimal amount such as `"0.00581"` in millionths; digits beyond the sixth are refused by the schema of amounts.
 * Null where it is no amount, or larger than an exact integer can be.
 */
export function toMicros(amount: string): number | null {
  const [, whole = '', fraction = ''] = /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(amount) ?? [];
  const micros = Number(`${whole}${fraction.padEnd(DIGITS, '0')}`);
  return whole !== '' && Number.isSafeInteger(micros) ? micros : null;
}

/** Millionths of a JSON number, as some providers give prices; rounded to the nearest. Null where it is none. */
export function microsOfNumber(amount: unknown): number | null {
  if (typeof amount !== 'number' || !Number.isFinite(amount) || amount < 0) return null;
  const micros = Math.round(amount * MICROS);
  return Number.isSafeInteger(micros) ? micros : null;
}

/** The wire's decimal text of millionths: at least as many digits as the currency has, no more than needed. */
export function formatMicros(micros: number, exponent: number): string {
  const sign = micros < 0 ? '-' : '';
  const digits = String(Math.abs(micros)).padStart(DIGITS + 1, '0');
  const fraction = digits.slice(-DIGITS).replace(/0+$/, '').padEnd(exponent, '0');
  return `${sign}${digits.slice(0, -DIGITS)}${fraction === '' ? '' : `.${fraction}`}`;
}

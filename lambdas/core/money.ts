import currencyCodes from 'currency-codes';

/**
 * Money is integer minor units with the exponent of ISO 4217 (JPY 0, USD 2, KWD 3), never a float.
 *
 * Notations, by what stands for the decimal mark:
 * - `decimal`: 1234.56, no separators
 * - `decimal_grouped`: 1,234.56
 * - `decimal_comma`: 1.234,56 or 1234,56
 * - `either`: the last mark is the decimal mark; `1,234` could mean two things and is refused
 * - `minor`: whole minor units, 123456
 */
export const NOTATIONS = ['decimal', 'decimal_grouped', 'decimal_comma', 'either', 'minor'] as const;
export type Notation = (typeof NOTATIONS)[number];

export type AmountFault = 'bad_amount' | 'ambiguous_amount' | 'amount_too_large' | 'currency_conflict';
export type ParsedAmount =
  | { readonly ok: true; readonly minor: number }
  | { readonly ok: false; readonly fault: AmountFault };

/** Codes of ISO 4217 that are no money: metals, bond units, testing, none. */
const NOT_MONEY = new Set(['XAU', 'XAG', 'XPT', 'XPD', 'XBA', 'XBB', 'XBC', 'XBD', 'XDR', 'XSU', 'XUA', 'XTS', 'XXX']);

/** Digits after the decimal mark of a currency; undefined where ISO 4217 knows no such money. */
export function exponentOf(currency: string): number | undefined {
  return NOT_MONEY.has(currency) ? undefined : currencyCodes.code(currency)?.digits;
}

/** Decimal places of every currency that has other than two. */
export function unusualExponents(): Readonly<Record<string, number>> {
  const unusual = currencyCodes.codes().flatMap((currency) => {
    const exponent = exponentOf(currency);
    return exponent === undefined || exponent === 2 ? [] : [[currency, exponent] as const];
  });
  return Object.fromEntries(unusual);
}

/** Longer texts are no amounts; also bounds the work below. */
const MAX_LENGTH = 40;

/**
 * Reads an amount of a known currency. A symbol or code of that very currency around the number is passed over, one of another is a
 * fault. Digits beyond the exponent are rounded half away from zero: networks report fractions of a cent.
 */
export function parseAmount(text: string, currency: string, notation: Notation): ParsedAmount {
  const exponent = exponentOf(currency);
  const shape = exponent === undefined || text.length > MAX_LENGTH ? null : strip(text, currency);
  if (exponent === undefined || !shape) return { ok: false, fault: 'bad_amount' };
  if (shape.mark !== '' && !marksOf(currency).includes(shape.mark)) return { ok: false, fault: 'currency_conflict' };
  const plain = toPlain(shape.number, notation);
  if (typeof plain !== 'string') return { ok: false, fault: plain.fault };
  return toMinor(plain, notation === 'minor' ? 0 : exponent, shape.negative);
}

/** Splits sign, number and currency mark; null where the text has another form. */
function strip(text: string, currency: string): { number: string; mark: string; negative: boolean } | null {
  const groups =
    /^(?<sign>[-+−]?)\s*(?<before>[^\d\s.,+−-]*)\s*(?<inner>[-−]?)(?<number>[\d.,]+)\s*(?<after>[^\d\s]*)$/u.exec(
      text.trim(),
    )?.groups;
  if (!groups) return null;
  const { sign = '', before = '', inner = '', number = '', after = '' } = groups;
  if ((before && after) || (sign && inner)) return null;
  const mark = before || after;
  return /^(\p{Sc}|\p{L}{1,4}\p{Sc}?)?$/u.test(mark) && mark.length <= currency.length + 1
    ? { number, mark, negative: /[-−]/.test(sign + inner) }
    : null;
}

/** The code and the customary symbol of a currency. `$` belongs to every dollar, since senders do not tell them apart. */
function marksOf(currency: string): string[] {
  const symbols = (['symbol', 'narrowSymbol'] as const).map((currencyDisplay) =>
    new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay })
      .formatToParts(1)
      .find(({ type }) => type === 'currency'),
  );
  return [currency, currency.toLowerCase(), ...symbols.flatMap((part) => (part ? [part.value] : []))];
}

const GROUPED = { ',': /^\d{1,3}(,\d{3})+(\.\d+)?$/, '.': /^\d{1,3}(\.\d{3})+(,\d+)?$/ } as const;
const PLAIN = { '.': /^(\d+(\.\d*)?|\.\d+)$/, ',': /^(\d+(,\d*)?|,\d+)$/ } as const;

/** The number with `.` as its only mark, or what is wrong with it. */
function toPlain(number: string, notation: Notation): string | { fault: AmountFault } {
  const commas = () => number.replaceAll('.', '').replace(',', '.');
  const points = () => number.replaceAll(',', '');
  if (notation === 'minor') return /^\d+$/.test(number) ? number : { fault: 'bad_amount' };
  if (notation === 'decimal_comma')
    return GROUPED['.'].test(number) || PLAIN[','].test(number) ? commas() : refuse(number, 'bad_amount');
  if (PLAIN['.'].test(number)) return number;
  if (notation === 'decimal') return refuse(number, 'ambiguous_amount');
  if (notation === 'decimal_grouped') return GROUPED[','].test(number) ? points() : refuse(number, 'ambiguous_amount');
  if (/^\d{1,3},\d{3}$/.test(number)) return { fault: 'ambiguous_amount' };
  if (PLAIN[','].test(number) || GROUPED['.'].test(number)) return commas();
  return GROUPED[','].test(number) ? points() : refuse(number, 'bad_amount');
}

/** `12,34` where a comma has no meaning is told from text that is no number in any notation. */
function refuse(number: string, fault: AmountFault): { fault: AmountFault } {
  const readable = /\d/.test(number) && !/[.,]{2}/.test(number);
  return { fault: readable ? fault : 'bad_amount' };
}

function toMinor(plain: string, exponent: number, negative: boolean): ParsedAmount {
  const [whole = '', fraction = ''] = plain.split('.');
  const kept = BigInt(`${whole}${fraction.slice(0, exponent).padEnd(exponent, '0')}` || '0');
  const roundsUp = (fraction[exponent] ?? '0') >= '5';
  const minor = Number(roundsUp ? kept + 1n : kept);
  if (!Number.isSafeInteger(minor)) return { ok: false, fault: 'amount_too_large' };
  return { ok: true, minor: negative && minor !== 0 ? -minor : minor };
}

/**
 * Minor units as the decimal text of the wire: `4990` in USD is `49.90`.
 * @throws RangeError where the currency is unknown or the amount no safe integer
 */
export function formatAmount(minor: number, currency: string): string {
  const exponent = exponentOf(currency);
  if (exponent === undefined) throw new RangeError(`${currency} is no currency of ISO 4217`);
  if (!Number.isSafeInteger(minor)) throw new RangeError('an amount is a whole number of minor units');
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const sign = minor < 0 ? '-' : '';
  return exponent === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

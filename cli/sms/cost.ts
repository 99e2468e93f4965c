/** A price of one message part, as a decimal number in text: prices have more digits than their currency. */
export interface Price {
  readonly perPart: string;
  readonly currency: string;
}

/**
 * Price times parts (fewer than none where something costs more), exact: with at least as many decimals as the currency has and none that are needless beyond them.
 * @throws RangeError where the price is no decimal number, or the currency no ISO 4217 code
 */
export function costOf(parts: number, { perPart, currency }: Price): string {
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(perPart) ?? [];
  if (whole === '') throw new RangeError(`${perPart} is not a decimal number`);
  const product = (BigInt(whole + fraction) * BigInt(Math.abs(parts))).toString().padStart(fraction.length + 1, '0');
  const units = `${parts < 0 ? '-' : ''}${product.slice(0, product.length - fraction.length)}`;
  const decimals = product
    .slice(product.length - fraction.length)
    .replace(/0+$/, '')
    .padEnd(minorDigits(currency), '0');
  return decimals === '' ? units : `${units}.${decimals}`;
}

/** An amount for people: thousands separated, currency behind it. */
export function amountText(amount: string, currency: string): string {
  const [whole = '', fraction] = amount.split('.');
  return `${grouped(whole)}${fraction === undefined ? '' : `.${fraction}`} ${currency}`;
}

/** A whole number for people, thousands separated. */
export const grouped = (digits: number | string): string => String(digits).replace(/\B(?=(\d{3})+$)/g, ',');

function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

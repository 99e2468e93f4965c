import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Longest address, https://www.rfc-editor.org/errata/eid1690 */
const MAX_EMAIL = 254;
const EMAIL = /^[^\s@,;<>"()]+@[^\s@,;<>"()]+\.[^\s@.,;<>"()]{2,}$/u;
const MAX_CUSTOMER_ID = 200;

/** A normalised value, or what is wrong with the text. */
export type Normalised = { readonly value: string } | { readonly error: string };

/** Lower case, no spaces around; dots and plus signs stay, since what they mean differs from provider to provider. */
export function normaliseEmail(text: string): Normalised {
  const value = text.trim().normalize('NFC').toLowerCase();
  if (value.length > MAX_EMAIL || !EMAIL.test(value)) return { error: 'email is not an e-mail address' };
  return { value };
}

/** True for the code of a country (ISO 3166-1 alpha-2, upper case) whose phone numbers we can read. */
export const isPhoneCountry = (code: string): code is CountryCode => isSupportedCountry(code);

/**
 * E.164, e.g. `+491511234567`. Where the country has no other meaning for it, `00` in front is read as `+`.
 * @param country whose numbers come without a country code
 */
export function normalisePhone(text: string, country: CountryCode | undefined): Normalised {
  // Whether it could exist, not whether it is assigned: numbering plans grow faster than lists of them.
  const readings = readingsOf(text.trim()).flatMap((one) => parsePhoneNumberFromString(one, country) ?? []);
  const possible = readings.filter((number) => number.isPossible());
  const number = possible.find((one) => one.isValid()) ?? possible[0];
  if (number) return { value: number.number };
  const hint = country === undefined && !text.trim().startsWith('+');
  return {
    error: hint
      ? 'phone has no country code: write it like +49…, or say whose numbers they are with country=DE'
      : `phone is not a phone number${country === undefined ? '' : ` of ${country} or with a country code`}`,
  };
}

/** With `00` in front it is most likely a number of another country, though some countries have long numbers that begin so. */
const readingsOf = (text: string) => (text.startsWith('00') ? [text, text.replace(/^00\s*/, '+')] : [text]);

/** The shop's or network's own id of a person, as it is but for spaces around it. */
export function normaliseCustomerId(text: string): Normalised {
  const value = text.trim();
  if (value.length > MAX_CUSTOMER_ID) return { error: `customer_id has more than ${MAX_CUSTOMER_ID} characters` };
  return { value };
}

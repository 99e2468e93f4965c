import { isPhoneCountry, normaliseEmail, normalisePhone } from '../recipients/identities.ts';
import type { FieldReader } from './field-reader.ts';

/**
 * The phone number of an item, in E.164 where it can be read: with its country code, or as people of the country write it that the item
 * names. One that cannot stays as it came, with a note.
 */
export function readPhone(fields: FieldReader): string | null {
  const text = fields.text('phone');
  const country = fields.text('country')?.toUpperCase() ?? '';
  if (text === null) return null;
  const number = normalisePhone(text, isPhoneCountry(country) ? country : undefined);
  if ('value' in number) return number.value;
  fields.notes.push({ code: 'address_unreadable', parameter: 'phone' });
  return text;
}

/** The e-mail address of an item as it came; one that is none has a note. */
export function readEmail(fields: FieldReader): string | null {
  const text = fields.text('email');
  if (text !== null && 'error' in normaliseEmail(text))
    fields.notes.push({ code: 'address_unreadable', parameter: 'email' });
  return text;
}

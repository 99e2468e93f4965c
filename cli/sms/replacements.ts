import { SegmentedMessage } from 'sms-segments-calculator';
import { encode } from './parts.ts';

/** Replacements that the library has not, or has in a way that costs characters (a space of another width as two). */
const OWN: Readonly<Record<string, string>> = {
  '\u00a0': ' ',
  '\u2009': ' ',
  '\u202f': ' ',
  '\t': ' ',
  '©': '(c)',
  '®': '(r)',
  '·': '-',
  '→': '->',
  '←': '<-',
  '′': "'",
  '″': '"',
  '×': 'x',
  '−': '-',
  œ: 'oe',
  Œ: 'OE',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
};

const MARKS = /\p{M}/gu;
/** Emoji and invisible characters: a message says the same without them. */
const OMITTABLE = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{M}\p{Cf}\p{Cc}\p{So}]+$/u;

/** True where GSM-7 has every character of a text. */
export function isGsm(text: string): boolean {
  return encode(text).encoding === 'GSM-7';
}

/**
 * What may stand instead of a character that GSM-7 lacks: a look-alike, the letter without its accent, nothing for an
 * emoji; null where there is no such thing, as for letters of other scripts.
 */
export function replacementFor(character: string): string | null {
  const composed = character.normalize('NFC');
  const candidates = [
    composed,
    OWN[composed],
    /^\p{L}/u.test(composed) ? composed.normalize('NFD').replace(MARKS, '') : undefined,
    smart(composed),
    composed.normalize('NFKD').replace(MARKS, ''),
    OMITTABLE.test(composed) ? '' : undefined,
  ];
  return candidates.find((candidate) => candidate !== undefined && candidate !== character && isGsm(candidate)) ?? null;
}

/** A text with every character replaced that can be. */
export function replaceForeign(text: string): string {
  const { characters } = encode(text);
  return characters.map(({ text, isGsm }) => (isGsm ? text : (replacementFor(text) ?? text))).join('');
}

/** The library's own table, which providers call smart encoding. */
function smart(text: string): string {
  return new SegmentedMessage(text, 'auto', true).graphemes.join('');
}

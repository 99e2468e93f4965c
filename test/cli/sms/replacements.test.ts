import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGsm, replaceForeign, replacementFor } from '../../../cli/sms/replacements.ts';

describe('replacements', () => {
  it.each([
    ['’', "'"],
    ['‘', "'"],
    ['“', '"'],
    ['”', '"'],
    ['–', '-'],
    ['—', '-'],
    ['…', '...'],
    ['•', '-'],
    ['\u00a0', ' '],
    ['\t', ' '],
    ['™', 'TM'],
    ['→', '->'],
    ['ç', 'c'],
    ['ê', 'e'],
    ['e\u0301', 'é'],
    ['ë', 'e'],
    ['œ', 'oe'],
    ['ł', 'l'],
    ['ﬁ', 'fi'],
    ['`', "'"],
    ['🎉', ''],
    ['👨‍👩‍👧‍👦', ''],
    ['❤️', ''],
    ['\u200b', ''],
    ['ж', null],
    ['漢', null],
    ['ש', null],
  ])('%s becomes %s', (character, replacement) => {
    expect(replacementFor(character)).toBe(replacement);
  });

  it('turn a text into GSM-7 where every character has one', () => {
    expect(replaceForeign('It’s “new” — 20 % off… 🎉 crème brûlée')).toBe('It\'s "new" - 20 % off...  crème brulée');
  });

  it('never bring in another foreign character, and leave GSM-7 as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const replaced = replaceForeign(text);
        expect(replaceForeign(replaced)).toBe(replaced);
        if (isGsm(text)) expect(replaced).toBe(text);
      }),
    );
  });
});

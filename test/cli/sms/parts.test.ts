import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { describe, expect, it } from 'vitest';
import { encode, measure } from '../../../cli/sms/parts.ts';
import { gsmAlphabet, sizeByStandard } from './gsm-oracle.ts';

const gsm = fc.string({ unit: fc.constantFrom(...gsmAlphabet.basic, ...gsmAlphabet.extension), maxLength: 700 });
/** Text whose characters are one code point each, so that the standard alone says where parts end. */
const ucs2 = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', 'ж', '漢', '’', '😀', '🎉', '𝒳', '€', '['),
    fc.constantFrom(...gsmAlphabet.basic.filter((c) => c !== '\r' && c !== '\n')),
  ),
  maxLength: 400,
});

function sizeOf(text: string) {
  const { encoding, units, parts, left } = measure(text);
  return { encoding, units, parts, left };
}

describe('measure', () => {
  it('has exactly the alphabet of the standard, the extension table at two septets', () => {
    const found = { basic: new Set<string>(), extension: new Set<string>() };
    for (let point = 0; point < 0x10000; point += 1) {
      if (point >= 0xd800 && point < 0xe000) continue;
      const character = String.fromCharCode(point);
      const { encoding, units } = measure(character);
      if (encoding === 'GSM-7') found[units === 1 ? 'basic' : 'extension'].add(character);
    }
    expect(found).toEqual({ basic: new Set(gsmAlphabet.basic), extension: new Set(gsmAlphabet.extension) });
  });

  it.each([
    ['', 'GSM-7', 1, 0, 160],
    ['a'.repeat(160), 'GSM-7', 1, 160, 0],
    ['a'.repeat(161), 'GSM-7', 2, 161, 145],
    ['a'.repeat(306), 'GSM-7', 2, 306, 0],
    ['a'.repeat(307), 'GSM-7', 3, 307, 152],
    ['€'.repeat(80), 'GSM-7', 1, 160, 0],
    ['€'.repeat(81), 'GSM-7', 2, 162, 143],
    [`${'ж'.repeat(70)}`, 'UCS-2', 1, 70, 0],
    [`${'ж'.repeat(71)}`, 'UCS-2', 2, 71, 63],
    [`${'ж'.repeat(134)}`, 'UCS-2', 2, 134, 0],
    ['😀'.repeat(35), 'UCS-2', 1, 70, 0],
    ['😀'.repeat(36), 'UCS-2', 2, 72, 61],
    ['a\r\nb', 'GSM-7', 1, 4, 156],
    ['[’]', 'UCS-2', 1, 3, 67],
  ])('case %#', (text, encoding, parts, units, left) => {
    expect(sizeOf(text)).toEqual({ encoding, parts, units, left });
  });

  it('cuts neither an escape pair nor a surrogate pair at the end of a part', () => {
    // 152 septets, then a pair that would straddle the end of the first part: it begins the second.
    expect(sizeOf(`${'a'.repeat(152)}€${'a'.repeat(152)}`)).toMatchObject({ parts: 3, left: 152 });
    expect(sizeOf(`${'ж'.repeat(66)}😀${'ж'.repeat(66)}`)).toMatchObject({ parts: 3, left: 66 });
  });

  it('agrees with the standard on any text of the alphabet', () => {
    fc.assert(
      fc.property(gsm, (text) => {
        expect(sizeOf(text)).toEqual(sizeByStandard(text));
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with the standard on other text', () => {
    fc.assert(
      fc.property(ucs2, (text) => {
        expect(sizeOf(text)).toEqual(sizeByStandard(text));
      }),
      { numRuns: 300 },
    );
  });

  it('divides as the library does, whatever the text', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 200 }),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const isUsual = encode(text).characters.every(({ units }) => units <= 67);
        if (isUsual) expect(measure(text).parts).toBe(new SegmentedMessage(text).segmentsCount);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps a character of several code points in one part, unless no part could hold it', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(sizeOf(`${'ж'.repeat(60)}${family}${'ж'.repeat(5)}`)).toMatchObject({ units: 76, parts: 2, left: 51 });
    const tower = `e${'\u0301'.repeat(99)}`;
    expect(sizeOf(tower)).toMatchObject({ units: 100, parts: 2, left: 34 });
  });

  it('names what forced UCS-2 by character and position', () => {
    expect(measure('Hé 👋🏽 it’s').foreign).toEqual([
      { text: '👋🏽', position: 4, offset: 3 },
      { text: '’', position: 8, offset: 10 },
    ]);
    expect(measure('e\u0301').foreign).toEqual([{ text: 'e\u0301', position: 1, offset: 0 }]);
    expect(measure('plain').foreign).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../../cli/sms/cost.ts';
import { measure } from '../../../cli/sms/parts.ts';
import { parseTemplate, placeholdersOf, render, shortened, sourceAt } from '../../../cli/sms/template.ts';
import { otherWordings } from '../../../cli/sms/wordings.ts';

describe('template', () => {
  it('takes one or two braces, and the names a mint gives', () => {
    const template = parseTemplate('Hi {first_name}, {{ city }}: {url} {promo_code} {link} {not a name} {}');
    expect(placeholdersOf(template)).toEqual(['first_name', 'city', 'link', 'promo']);
    const values = { first_name: 'Ann', city: 'Ulm', link: 'L', promo: 'P' };
    expect(render(template, values)).toBe('Hi Ann, Ulm: L P L {not a name} {}');
  });

  it('knows where a character comes from', () => {
    const template = parseTemplate('Hi {a}!');
    expect([2, 3, 4, 5].map((offset) => sourceAt(template, { a: 'xy' }, offset))).toEqual([null, 'a', 'a', null]);
  });

  it('loses the last of its own words, never of a placeholder', () => {
    expect(render(shortened(parseTemplate('abc{x}de'), 3) ?? [], { x: '…' })).toBe('ab…');
    expect(shortened(parseTemplate('ab{x}'), 3)).toBeNull();
  });
});

describe('wordings', () => {
  it('shorten by the fewest characters that save a part', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '€', 'ж'), minLength: 161, maxLength: 500 }), (text) => {
        const draft = { template: parseTemplate(`${text}{link}`), values: { link: 'https://go.brand.com/abc' } };
        const wording = otherWordings(draft, []).find(({ kind }) => kind === 'shorten');
        const count = Number.parseInt(wording?.change ?? '', 10);
        const partsOf = (less: number) => measure(render(shortened(draft.template, less) ?? [], draft.values)).parts;
        expect(partsOf(count)).toBeLessThan(partsOf(0));
        expect(partsOf(count - 1)).toBe(partsOf(0));
      }),
      { numRuns: 50 },
    );
  });

  it('are only those that change something', () => {
    const kinds = (text: string, link: string, origins: string[] = []) =>
      otherWordings({ template: parseTemplate(text), values: { link } }, origins).map(({ kind }) => kind);
    expect(kinds('plain', '')).toEqual([]);
    expect(kinds('plain {link}', 'go.brand.com/abc', ['https://b.co'])).toEqual([]);
    expect(kinds('it’s {link}', 'https://b.co/abc', ['https://b.co', 'https://c.co'])).toEqual([
      'replace',
      'domain',
      'no_scheme',
    ]);
  });
});

describe('costOf', () => {
  it('is exact, and keeps the digits that count', () => {
    expect(costOf(2_000_000, { perPart: '0.0079', currency: 'USD' })).toBe('15800.00');
    expect(costOf(2, { perPart: '0.0079', currency: 'USD' })).toBe('0.0158');
    expect(costOf(-3, { perPart: '0.5', currency: 'EUR' })).toBe('-1.50');
    expect(costOf(3, { perPart: '4', currency: 'JPY' })).toBe('12');
    expect(costOf(0, { perPart: '0.01', currency: 'JPY' })).toBe('0');
    expect(costOf(9_007_199_254_740_991, { perPart: '0.000001', currency: 'USD' })).toBe('9007199254.740991');
    expect(() => costOf(1, { perPart: '1e3', currency: 'USD' })).toThrow(RangeError);
  });
});

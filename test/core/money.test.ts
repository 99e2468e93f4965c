import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponentOf, formatAmount, type Notation, parseAmount } from '../../lambdas/core/money.ts';

const read = (text: string, currency = 'USD', notation: Notation = 'decimal') => {
  const parsed = parseAmount(text, currency, notation);
  return parsed.ok ? parsed.minor : parsed.fault;
};

it.each([
  ['USD', 2],
  ['JPY', 0],
  ['KRW', 0],
  ['KWD', 3],
  ['IQD', 3],
  ['CLF', 4],
  ['XOF', 0],
  ['XXX', undefined],
  ['XAU', undefined],
  ['ABC', undefined],
  ['usd', 2],
] as const)('knows the exponent of %s: %s', (currency, exponent) => {
  expect(exponentOf(currency.toUpperCase())).toBe(exponent);
});

describe.each<[Notation, [string, string, number | string][]]>([
  [
    'decimal',
    [
      ['49.90', 'USD', 4990],
      ['49.9', 'USD', 4990],
      ['0', 'USD', 0],
      ['.5', 'USD', 50],
      ['5.', 'USD', 500],
      ['1000', 'JPY', 1000],
      ['1000.00', 'JPY', 1000],
      ['1.234', 'KWD', 1234],
      ['0.305', 'USD', 31],
      ['0.304999', 'USD', 30],
      ['-0.305', 'USD', -31],
      ['-12.5', 'USD', -1250],
      ['−12.5', 'USD', -1250],
      ['-0.001', 'USD', 0],
      ['$49.90', 'USD', 4990],
      ['-$49.90', 'USD', -4990],
      ['$-49.90', 'USD', -4990],
      ['49.90 €', 'EUR', 4990],
      ['USD 49.90', 'USD', 4990],
      ['49.90usd', 'USD', 4990],
      ['R$10.00', 'BRL', 1000],
      ['€49.90', 'USD', 'currency_conflict'],
      ['49.90 GBP', 'USD', 'currency_conflict'],
      ['12,34', 'USD', 'ambiguous_amount'],
      ['1,234.56', 'USD', 'ambiguous_amount'],
      ['1.2.3', 'USD', 'ambiguous_amount'],
      ['', 'USD', 'bad_amount'],
      ['abc', 'USD', 'bad_amount'],
      ['1e3', 'USD', 'bad_amount'],
      ['NaN', 'USD', 'bad_amount'],
      ['Infinity', 'USD', 'bad_amount'],
      ['0x10', 'USD', 'bad_amount'],
      ['--5', 'USD', 'bad_amount'],
      ['(5.00)', 'USD', 'bad_amount'],
      ['1 000', 'USD', 'bad_amount'],
      ['{payout}', 'USD', 'bad_amount'],
      ['90071992547409.91', 'USD', 9007199254740991],
      ['90071992547409.92', 'USD', 'amount_too_large'],
      ['9'.repeat(40), 'USD', 'amount_too_large'],
      ['9'.repeat(41), 'USD', 'bad_amount'],
      ['5', 'ABC', 'bad_amount'],
    ],
  ],
  [
    'decimal_grouped',
    [
      ['1,234.56', 'USD', 123456],
      ['1,234,567', 'USD', 123456700],
      ['1234.56', 'USD', 123456],
      ['12,34', 'USD', 'ambiguous_amount'],
      ['1,2345.00', 'USD', 'ambiguous_amount'],
    ],
  ],
  [
    'decimal_comma',
    [
      ['12,34', 'EUR', 1234],
      ['1.234,56', 'EUR', 123456],
      ['1.234', 'EUR', 123400],
      ['1234,5', 'EUR', 123450],
      ['12', 'EUR', 1200],
      ['12.34', 'EUR', 'bad_amount'],
    ],
  ],
  [
    'either',
    [
      ['12,34', 'USD', 1234],
      ['12.34', 'USD', 1234],
      ['1,234.56', 'USD', 123456],
      ['1.234,56', 'USD', 123456],
      ['1,234,567', 'USD', 123456700],
      ['1,234', 'USD', 'ambiguous_amount'],
      ['1,,2', 'USD', 'bad_amount'],
    ],
  ],
  [
    'minor',
    [
      ['4990', 'USD', 4990],
      ['500', 'JPY', 500],
      ['49.90', 'USD', 'bad_amount'],
    ],
  ],
])('notation %s', (notation, cases) => {
  it.each(cases)('%s %s → %s', (text, currency, expected) => expect(read(text, currency, notation)).toBe(expected));
});

it('writes what it reads, in every currency', () => {
  const currency = fc.constantFrom('USD', 'JPY', 'KWD', 'CLF', 'EUR');
  fc.assert(
    fc.property(fc.maxSafeInteger(), currency, (minor, code) => {
      expect(read(formatAmount(minor, code), code)).toBe(minor);
    }),
  );
  expect([formatAmount(5, 'KWD'), formatAmount(-5, 'USD'), formatAmount(1000, 'JPY')]).toEqual([
    '0.005',
    '-0.05',
    '1000',
  ]);
});

it('never reads any text as anything but a safe integer or a fault', () => {
  const notation = fc.constantFrom<Notation>('decimal', 'decimal_grouped', 'decimal_comma', 'either', 'minor');
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[-$€]?[\d.,]{1,20}$/));
  fc.assert(
    fc.property(text, notation, (value, how) => {
      const result = read(value, 'USD', how);
      expect(typeof result === 'string' || Number.isSafeInteger(result)).toBe(true);
    }),
  );
});

it('refuses to write what is no amount', () => {
  expect(() => formatAmount(0.5, 'USD')).toThrow('whole number of minor units');
  expect(() => formatAmount(5, 'ABC')).toThrow('ISO 4217');
});

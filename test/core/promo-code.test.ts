import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import {
  MAX_PROMO_CAMPAIGN_NO,
  type PromoFields,
  promoCode,
  promoCodes,
  readPromoCode,
} from '../../lambdas/core/promo-code.ts';
import { isSamePrefix } from '../../lambdas/core/promo-text.ts';

const keyring = parseKeyring(
  JSON.stringify({ key_1: 'a'.repeat(64), key_2: 'b'.repeat(64), key_2_from: '2026-06-01T00:00:00Z' }),
);
const [older, newer] = [keyring.minting(0), keyring.minting(Date.parse('2026-07-01'))];

const bits = (max: number) =>
  fc.integer({ min: 0, max: max - 1 }).chain((n) => fc.integer({ min: 2 ** n, max: 2 ** (n + 1) - 1 }));
const anyFields: fc.Arbitrary<PromoFields> = fc.record({ campaignNo: bits(20), subscriberNo: bits(30) });
const anyPrefix = fc.stringMatching(/^[A-Z0-9]{1,20}$/);
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

describe('promo code', () => {
  it('carries campaign and subscriber back and uses the shorter form where that fits', () => {
    fc.assert(
      fc.property(anyFields, anyPrefix, (fields, prefix) => {
        const code = promoCode(fields, newer, prefix);
        const isShort = fields.campaignNo < 2 ** 14 && fields.subscriberNo < 2 ** 26;
        expect(code.slice(0, prefix.length + 1)).toBe(`${prefix}-`);
        expect(code.slice(prefix.length + 1)).toMatch(isShort ? /^[0-9A-HJKMNP-TV-Z]{9}$/ : /^[0-9A-HJKMNP-TV-Z]{11}$/);
        expect(readPromoCode(code, newer)).toMatchObject({ ok: true, prefix, ...fields, keyId: 2 });
        const all = readPromoCode(code, keyring);
        expect(all.ok && all.readings).toContainEqual({ prefix, ...fields, keyId: 2 });
      }),
      { numRuns: 500 },
    );
  });

  it('is read however a person types it', () => {
    fc.assert(
      fc.property(
        anyFields,
        anyPrefix,
        fc.func(fc.constantFrom('', ' ', '-', ' – ', 'l')),
        (fields, prefix, between) => {
          const code = promoCode(fields, older, prefix);
          const body = code.slice(prefix.length + 1);
          const sloppy = [...body]
            .map((digit, at) => {
              const gap = between(at);
              if (gap === 'l') return digit.replace('0', 'o').replace('1', at % 2 ? 'l' : 'I');
              return `${digit.toLowerCase()}${gap}`;
            })
            .join('');
          const read = readPromoCode(` ${prefix.toLowerCase()}_${sloppy}\n`, older);
          expect(read.ok && read.readings).toContainEqual({ prefix, ...fields, keyId: 1 });
        },
      ),
    );
  });

  it('is read without anything between prefix and digits', () => {
    fc.assert(
      fc.property(anyFields, anyPrefix, (fields, prefix) => {
        const read = readPromoCode(promoCode(fields, older, prefix).replace('-', ''), older);
        expect(read.ok && read.readings).toContainEqual({ prefix, ...fields, keyId: 1 });
      }),
    );
  });

  it.each([
    ['short', { campaignNo: 12, subscriberNo: 345_678 }],
    ['long', { campaignNo: 500_000, subscriberNo: 900_000_000 }],
  ])('finds out every wrong character and every two swapped neighbours (%s form)', (_, fields) => {
    for (const subscriberNo of [fields.subscriberNo, fields.subscriberNo + 1, fields.subscriberNo + 2]) {
      const code = promoCode({ ...fields, subscriberNo }, older, 'SPRING');
      const from = 'SPRING-'.length;
      for (let at = from; at < code.length; at++)
        for (const digit of DIGITS) {
          const changed = code.slice(0, at) + digit + code.slice(at + 1);
          expect(readPromoCode(changed, older).ok).toBe(changed === code);
          const joined = readPromoCode(changed.replace('-', ''), older);
          expect(joined.ok && joined.readings.some(({ prefix }) => prefix === 'SPRING')).toBe(changed === code);
        }
      for (let at = from; at < code.length - 1; at++) {
        const swapped = code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2);
        expect(readPromoCode(swapped, older).ok).toBe(swapped === code);
      }
    }
  });

  it('says why it refuses', () => {
    const code = promoCode({ campaignNo: 1, subscriberNo: 2 }, older, 'WELCOME');
    const last = code.endsWith('2') ? '3' : '2';
    expect(readPromoCode('WELCOME-12', older)).toEqual({ ok: false, reason: 'malformed' });
    expect(readPromoCode(code.slice('WELCOME'.length), older)).toEqual({ ok: false, reason: 'malformed' });
    expect(readPromoCode('', older)).toEqual({ ok: false, reason: 'malformed' });
    expect(readPromoCode(`${code}UUUUUUUUUUU`, older)).toEqual({ ok: false, reason: 'malformed' });
    expect(readPromoCode(' '.repeat(101), older)).toEqual({ ok: false, reason: 'malformed' });
    expect(readPromoCode(code.slice(0, -1) + last, older)).toEqual({ ok: false, reason: 'mistyped' });
  });

  it('reads differently under another key, which only the campaign can tell', () => {
    const code = promoCode({ campaignNo: 1, subscriberNo: 2 }, older, 'WELCOME');
    const read = readPromoCode(code, keyring);
    expect(read).toMatchObject({ ok: true, keyId: 2 });
    expect(read.ok && read.readings.map(({ keyId }) => keyId)).toEqual([2, 1]);
    expect(read.ok && read.readings[1]).toEqual({ prefix: 'WELCOME', campaignNo: 1, subscriberNo: 2, keyId: 1 });
  });

  it('is minted in batches as it is one by one, and never changes for a key', () => {
    const subscriberNos = Array.from({ length: 3_000 }, (_, index) => 2 ** 26 - 1_500 + index);
    const singly = subscriberNos.map((subscriberNo) => promoCode({ campaignNo: 3, subscriberNo }, older, 'A'));
    expect(promoCodes(3, subscriberNos, older, 'A')).toEqual(singly);
    expect(promoCode({ campaignNo: 1, subscriberNo: 99 }, older, 'WELCOME')).toBe('WELCOME-YJX82PS22');
    expect(promoCode({ campaignNo: 2 ** 15, subscriberNo: 99 }, older, 'WELCOME')).toBe('WELCOME-Q90NWKPZZMM');
  });

  it.each([
    [{ campaignNo: 0, subscriberNo: 1 }],
    [{ campaignNo: 1, subscriberNo: 0 }],
    [{ campaignNo: 1, subscriberNo: 2 ** 30 }],
    [{ campaignNo: MAX_PROMO_CAMPAIGN_NO + 1, subscriberNo: 1 }],
    [{ campaignNo: 1.5, subscriberNo: 1 }],
  ])('is refused to %j', (fields) => expect(() => promoCode(fields, older, 'A')).toThrow(RangeError));

  it('takes any text without throwing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        (text) => !readPromoCode(text, older).ok || text.length <= 100,
      ),
    );
  });

  it('compares prefixes as people type them', () => {
    expect(isSamePrefix('WELCOME', 'we1c0me')).toBe(true);
    expect(isSamePrefix('WELCOME', 'WELCOM')).toBe(false);
  });
});

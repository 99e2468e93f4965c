import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClickIdFields, mintClickId, nonceOf, verifyClickId } from '../../lambdas/core/click-id.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';

const secret = { key_1: 'a'.repeat(64), key_2: 'b'.repeat(64), key_2_from: '2026-06-01T00:00:00Z' };
const keyring = parseKeyring(JSON.stringify(secret));
const [first, second] = [keyring.minting(0), keyring.minting(Date.parse('2026-07-01'))];

const anyFields: fc.Arbitrary<ClickIdFields> = fc.record({
  time: fc.integer({ min: 0, max: 2 ** 42 - 1 }),
  linkNo: fc.integer({ min: 0, max: 2 ** 26 - 1 }),
  subscriberNo: fc.integer({ min: 0, max: 2 ** 30 - 1 }),
  nonce: fc.integer({ min: 0, max: 2 ** 30 - 1 }),
});

describe('click id', () => {
  it('is 32 characters of lower-case Crockford base32 and carries every field back', () => {
    fc.assert(
      fc.property(anyFields, fc.constantFrom(first, second), (fields, key) => {
        const id = mintClickId(fields, key);
        expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{32}$/);
        expect(verifyClickId(id, keyring)).toEqual({ ok: true, keyId: key.id, ...fields });
      }),
    );
  });

  it('survives networks that change its case', () => {
    fc.assert(
      fc.property(anyFields, (fields) => {
        expect(verifyClickId(mintClickId(fields, first).toUpperCase(), keyring)).toMatchObject({ ok: true, ...fields });
      }),
    );
  });

  it('is refused after any change of one character', () => {
    const id = mintClickId({ time: 1_790_000_000_000, linkNo: 4_194_305, subscriberNo: 77, nonce: 123_456 }, second);
    for (let at = 0; at < id.length; at++)
      for (const character of '0123456789abcdefghijklmnopqrstuvwxyz-._ ')
        if (character !== id[at])
          expect(verifyClickId(id.slice(0, at) + character + id.slice(at + 1), keyring).ok).toBe(false);
  });

  it('is refused after any change of one character, whatever it carries', () => {
    const digits = '0123456789abcdefghjkmnpqrstvwxyz';
    fc.assert(
      fc.property(anyFields, fc.nat(31), fc.integer({ min: 1, max: 31 }), (fields, at, step) => {
        const id = mintClickId(fields, second);
        const digit = digits[(digits.indexOf(id[at] ?? '') + step) % 32];
        expect(verifyClickId(id.slice(0, at) + digit + id.slice(at + 1), keyring).ok).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused where it was cut, lengthened, put together from two, or its characters swapped', () => {
    fc.assert(
      fc.property(anyFields, anyFields, fc.integer({ min: 1, max: 31 }), (one, other, at) => {
        const [a, b] = [mintClickId(one, first), mintClickId(other, first)];
        const joined = a.slice(0, at) + b.slice(at);
        const swapped = a.slice(0, at - 1) + a[at] + a[at - 1] + a.slice(at + 1);
        for (const text of [a.slice(0, at), `${a}${b.slice(0, at)}`, joined, swapped, ` ${a}`])
          expect(verifyClickId(text, keyring).ok).toBe(text === a || text === b);
      }),
    );
  });

  it('survives networks that fold case anywhere', () => {
    fc.assert(
      fc.property(anyFields, fc.func(fc.boolean()), (fields, isUpper) => {
        const mixed = [...mintClickId(fields, first)].map((c, at) => (isUpper(at) ? c.toUpperCase() : c)).join('');
        expect(verifyClickId(mixed, keyring)).toMatchObject({ ok: true, ...fields });
      }),
    );
  });

  it('takes any text without throwing', () => {
    const text = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', minLength: 32, maxLength: 32 }));
    fc.assert(fc.property(text, (each) => !verifyClickId(each, keyring).ok));
  });

  it('says why it refuses', () => {
    const fields = { time: 1, linkNo: 2, subscriberNo: 3, nonce: 4 };
    const stranger = parseKeyring(JSON.stringify({ key_1: 'c'.repeat(64), key_9: 'd'.repeat(64) }));
    expect(verifyClickId(mintClickId(fields, null), keyring)).toEqual({ ok: false, reason: 'unsigned' });
    expect(verifyClickId(mintClickId(fields, stranger.minting(0)), keyring)).toMatchObject({ reason: 'unknown_key' });
    expect(verifyClickId(mintClickId(fields, first), stranger)).toEqual({ ok: false, reason: 'forged' });
    expect(verifyClickId('too short', keyring)).toEqual({ ok: false, reason: 'malformed' });
    expect(verifyClickId('u'.repeat(32), keyring)).toEqual({ ok: false, reason: 'malformed' });
  });

  it('hides order: ids of neighbouring clicks share no more than chance would', () => {
    const id = (nonce: number) => mintClickId({ time: 1_790_000_000_000, linkNo: 1, subscriberNo: 1, nonce }, first);
    const same = (a: string, b: string) =>
      [...a].slice(2, 25).filter((character, at) => character === b[at + 2]).length;
    const pairs = Array.from({ length: 500 }, (_, nonce) => same(id(nonce), id(nonce + 1)));
    const average = pairs.reduce((sum, count) => sum + count, 0) / pairs.length;
    expect(average).toBeLessThan(1.2);
  });
});

describe('nonce', () => {
  it('is 30 bits and depends on the request id alone', () => {
    fc.assert(fc.property(fc.string(), (id) => nonceOf(id) >= 0 && nonceOf(id) < 2 ** 30));
    expect(nonceOf('MRVMF7KydIvxMWfJIglgwHQwZsbG2IhRJ07sn9AkKUFSHS9EXAMPLE==')).toBe(398_112_033);
    expect(new Set(Array.from({ length: 10_000 }, (_, i) => nonceOf(`request-${i}`))).size).toBeGreaterThan(9_990);
  });
});

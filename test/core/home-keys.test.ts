import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HomeKeysError, hashIdentity, openSecret, parseHomeKeys, sealSecret } from '../../lambdas/core/home-keys.ts';

const keys = parseHomeKeys(JSON.stringify({ key_1: 'h'.repeat(64) }));
const others = parseHomeKeys(JSON.stringify({ key_1: 'i'.repeat(64) }));

describe('the home secret', () => {
  it.each(['', '{}', 'null', '[]', '{"key_1":"short-secret"}', '{"key_1":7}'])(
    'is refused without being quoted: %s',
    (secret) => {
      expect(() => parseHomeKeys(secret)).toThrow(HomeKeysError);
      expect(() => parseHomeKeys(secret)).not.toThrow(/short-secret/);
    },
  );

  it('hashes the same identity alike, and another kind, value or account differently', () => {
    const hash = hashIdentity('email', 'a@brand.example', keys);
    expect(hash).toMatch(/^[\w-]{22}$/);
    expect(hashIdentity('email', 'a@brand.example', keys)).toBe(hash);
    expect(hashIdentity('customer', 'a@brand.example', keys)).not.toBe(hash);
    expect(hashIdentity('email', 'b@brand.example', keys)).not.toBe(hash);
    expect(hashIdentity('email', 'a@brand.example', others)).not.toBe(hash);
  });
});

describe('a sealed secret', () => {
  const nonce = Buffer.alloc(12, 7);

  it('opens for its owner only, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 0 }), (text) => {
        const sealed = sealSecret(text.toWellFormed(), 'shop', nonce, keys);
        expect(openSecret(sealed, 'shop', keys)).toBe(text.toWellFormed());
        expect(openSecret(sealed, 'other', keys)).toBeNull();
        expect(openSecret(sealed, 'shop', others)).toBeNull();
      }),
    );
  });

  it('is refused where one byte of it was changed', () => {
    const sealed = Buffer.from(sealSecret('whsec', 'shop', nonce, keys), 'base64');
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(openSecret(changed.toString('base64'), 'shop', keys)).toBeNull();
    }
    expect(openSecret('', 'shop', keys)).toBeNull();
  });
});

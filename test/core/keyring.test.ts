import { describe, expect, it } from 'vitest';
import { KeyringError, parseKeyring } from '../../lambdas/core/keyring.ts';

const LONG = 'k'.repeat(64);
const parse = (secret: unknown) => parseKeyring(JSON.stringify(secret));

describe('keyring', () => {
  it('mints with the newest key whose time has come, and never before', () => {
    const keyring = parse({ key_1: LONG, key_2: `${LONG}2`, key_2_from: '2026-06-01T00:00:00Z' });
    const start = Date.parse('2026-06-01T00:00:00Z');
    expect(keyring.minting(start - 1).id).toBe(1);
    expect(keyring.minting(start).id).toBe(2);
    expect([...keyring.byId.keys()]).toEqual([1, 2]);
  });

  it('derives a different key for every use and every id', () => {
    const keyring = parse({ key_1: LONG, key_2: `${LONG}2` });
    const material = [...keyring.byId.values()].flatMap((key) => [
      key.clickTagKey.export().toString('hex'),
      key.addressKey.export().toString('hex'),
    ]);
    expect(new Set(material).size).toBe(material.length);
  });

  it.each([
    ['no JSON', 'not json at all secret-material'],
    ['no key', JSON.stringify({ other: LONG })],
    ['a short key', JSON.stringify({ key_1: 'short-secret' })],
    ['a start that is no time', JSON.stringify({ key_1: LONG, key_1_from: 'tomorrow' })],
    ['an array', 'null'],
  ])('refuses a secret with %s without quoting it', (_, secret) => {
    expect(() => parseKeyring(secret)).toThrow(KeyringError);
    try {
      parseKeyring(secret);
    } catch (error) {
      expect(String(error)).not.toMatch(/secret-material|short-secret|kkkk/);
    }
  });
});

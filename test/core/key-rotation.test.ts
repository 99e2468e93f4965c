import { describe, expect, it } from 'vitest';
import { addKey, describeKeys, removeKey } from '../../lambdas/core/key-rotation.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const LEAD = 600_000;
const text = (letter: string) => letter.repeat(64);
const secretOf = (...ids: number[]) =>
  JSON.stringify(Object.fromEntries(ids.map((id) => [`key_${id}`, text(`${id % 10}`)])));
const next = { key: text('n'), now: NOW, leadMs: LEAD };

describe('a rotation', () => {
  it('adds a key that mints from the named time and keeps what was there', () => {
    const before = JSON.stringify({ key_1: text('a'), note: 'kept' });
    const { secret, id, from } = addKey(before, next);
    expect([id, from]).toEqual([2, NOW + LEAD]);
    expect(JSON.parse(secret)).toEqual({
      key_1: text('a'),
      note: 'kept',
      key_2: text('n'),
      key_2_from: '2026-06-01T12:10:00.000Z',
    });
    const keyring = parseKeyring(secret);
    expect([NOW, NOW + LEAD - 1, NOW + LEAD].map((time) => keyring.minting(time).id)).toEqual([1, 1, 2]);
  });

  it('waits for the one before it', () => {
    const { secret } = addKey(secretOf(1), next);
    expect(() => addKey(secret, { ...next, now: NOW + LEAD - 1 })).toThrow(/mints from 2026-06-01T12:10:00.000Z/);
    expect(addKey(secret, { ...next, now: NOW + LEAD }).id).toBe(3);
  });

  it('takes ids upwards, then those that were given back, and says when there is none', () => {
    expect(addKey(secretOf(3), next).id).toBe(4);
    expect(addKey(secretOf(1, 2, 4, 15), next).id).toBe(3);
    const all = secretOf(...Array.from({ length: 15 }, (_, at) => at + 1));
    expect(() => addKey(all, next)).toThrow(/retire one first/);
  });
});

describe('retiring', () => {
  const rotated = addKey(secretOf(1), next).secret;

  it('takes an old key away, never the one that mints', () => {
    expect(() => removeKey(rotated, 1, NOW)).toThrow(/key 1 mints/);
    expect(Object.keys(JSON.parse(removeKey(rotated, 1, NOW + LEAD)))).toEqual(['key_2', 'key_2_from']);
    expect(Object.keys(JSON.parse(removeKey(rotated, 2, NOW)))).toEqual(['key_1']);
    expect(() => removeKey(rotated, 7, NOW)).toThrow('there is no key 7');
    expect(() => removeKey(secretOf(1), 1, NOW)).toThrow(/key 1 mints/);
  });
});

describe('a description', () => {
  it('tells state and time, and nothing of a key', () => {
    const secret = addKey(addKey(secretOf(1), next).secret, { ...next, key: text('m'), now: NOW + LEAD }).secret;
    const keys = describeKeys(secret, NOW + LEAD);
    expect(keys.map(({ id, state, from }) => [id, state, from])).toEqual([
      [1, 'old', 0],
      [2, 'minting', NOW + LEAD],
      [3, 'next', NOW + 2 * LEAD],
    ]);
    expect(new Set(keys.map(({ fingerprint }) => fingerprint)).size).toBe(3);
    for (const { fingerprint } of keys) expect(fingerprint).toMatch(/^[0-9a-f]{8}$/);
  });
});

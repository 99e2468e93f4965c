import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCode } from '../../lambdas/core/code.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import {
  CODE_LAYOUTS,
  type CodeFields,
  decodeCode,
  MAX_CODE_LINK_NO,
  MAX_SUBSCRIBER_NO,
  mintCode,
  mintCodes,
} from '../../lambdas/core/personal-code.ts';

const keyring = parseKeyring(
  JSON.stringify({ key_1: 'a'.repeat(64), key_2: 'b'.repeat(64), key_2_from: '2026-06-01T00:00:00Z' }),
);
const [older, newer] = [keyring.minting(0), keyring.minting(Date.parse('2026-07-01'))];
const onlyOlder = parseKeyring(JSON.stringify({ key_1: 'a'.repeat(64) }));

/** Numbers of every size, the borders of the layouts among them. */
const numberUpTo = (max: number) =>
  fc.oneof(
    fc.integer({ min: 1, max }),
    fc.integer({ min: 0, max: Math.log2(max + 1) }).map((bits) => Math.min(max, 2 ** bits)),
    fc.integer({ min: 1, max: Math.log2(max + 1) }).map((bits) => 2 ** bits - 1),
  );
const anyFields: fc.Arbitrary<CodeFields> = fc.record({
  linkNo: numberUpTo(MAX_CODE_LINK_NO),
  subscriberNo: numberUpTo(MAX_SUBSCRIBER_NO),
});

const expectedLength = ({ linkNo, subscriberNo }: CodeFields) => {
  if (linkNo < 2 ** 18 && subscriberNo < 2 ** 24) return 9;
  return linkNo < 2 ** 20 && subscriberNo < 2 ** 27 ? 10 : 11;
};

describe('personal code', () => {
  it('carries link and subscriber back, in the shortest layout, and has the form of a personal code', () => {
    fc.assert(
      fc.property(anyFields, fc.constantFrom(older, newer), (fields, key) => {
        const code = mintCode(fields, key);
        expect(code).toHaveLength(expectedLength(fields));
        expect(parseCode(`/${code}`)).toEqual({ kind: 'personal', code });
        expect(decodeCode(code, keyring)).toContainEqual({ ...fields, keyId: key.id });
      }),
      { numRuns: 500 },
    );
  });

  it('is minted in batches as it is one by one, whatever the layouts and the order', () => {
    const list = fc.array(numberUpTo(MAX_SUBSCRIBER_NO), { minLength: 0, maxLength: 40 });
    fc.assert(
      fc.property(numberUpTo(MAX_CODE_LINK_NO), list, (linkNo, subscriberNos) => {
        const singly = subscriberNos.map((subscriberNo) => mintCode({ linkNo, subscriberNo }, newer));
        expect(mintCodes(linkNo, subscriberNos, newer)).toEqual(singly);
      }),
    );
    const many = Array.from({ length: 5_000 }, (_, index) => 2 ** 24 - 2_500 + index);
    expect(mintCodes(7, many, newer)).toEqual(many.map((subscriberNo) => mintCode({ linkNo: 7, subscriberNo }, newer)));
  });

  it('never changes for a key: codes are in messages that were sent', () => {
    expect(mintCode({ linkNo: 7, subscriberNo: 99 }, older)).toBe('HnLs0nJeQ');
    expect(mintCode({ linkNo: 2 ** 19, subscriberNo: 99 }, older)).toBe('Sm9fWyOrpu');
    expect(mintCode({ linkNo: 2 ** 21, subscriberNo: 99 }, older)).toBe('E0Rhus7XG3m');
  });

  it('tells all meanings, that of the newest key first', () => {
    const both = collision();
    expect(decodeCode(both, keyring).map(({ keyId }) => keyId)).toEqual([2, 1]);
    expect(decodeCode(both, onlyOlder)).toEqual([{ linkNo: 1, subscriberNo: expect.any(Number), keyId: 1 }]);
  });

  it.each([
    [{ linkNo: 0, subscriberNo: 1 }],
    [{ linkNo: 1, subscriberNo: 0 }],
    [{ linkNo: 1.5, subscriberNo: 1 }],
    [{ linkNo: Number.NaN, subscriberNo: 1 }],
    [{ linkNo: 2 ** 22, subscriberNo: 1 }],
    [{ linkNo: 1, subscriberNo: 2 ** 30 }],
  ])('is refused to %j', (fields) => expect(() => mintCode(fields, older)).toThrow(RangeError));

  it('is nothing where it is no code: too many bits, other characters, other lengths', () => {
    for (const { length } of CODE_LAYOUTS) expect(decodeCode('z'.repeat(length), keyring)).toEqual([]);
    for (const text of ['', 'abc', 'abcdefgh-', 'äbcdefghi', 'a'.repeat(8), 'a'.repeat(12)])
      expect(decodeCode(text, keyring)).toEqual([]);
  });

  it('has one spelling: whatever decodes is minted again as the same text', () => {
    const random = seeded(1);
    for (let tries = 0; tries < 20_000; tries++) {
      const code = randomCode(random, 9 + (tries % 3));
      for (const { keyId, ...fields } of decodeCode(code, onlyOlder)) expect(mintCode(fields, older)).toBe(code);
    }
  });
});

/** A code of the older key that also reads as one of the newer: one in 2^11 does. */
function collision(): string {
  const subscriberNos = Array.from({ length: 20_000 }, (_, index) => index + 1);
  const found = mintCodes(1, subscriberNos, older).find((code) => decodeCode(code, keyring).length === 2);
  return found ?? '';
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomCode(random: () => number, length: number): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  return Array.from({ length }, () => digits[Math.floor(random() * 62)]).join('');
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberMemory } from '../../lambdas/adapters/number-memory.ts';

describe('the memory of numbers', () => {
  it('holds what a map holds, while that is no more than it keeps', () => {
    const entries = fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.integer({ min: 1, max: 2 ** 32 - 1 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(entries, fc.array(fc.string({ maxLength: 3 })), (list, others) => {
        const memory = new NumberMemory(40);
        const map = new Map(list);
        for (const [text, value] of list) memory.set(text, value);
        for (const text of [...map.keys(), ...others]) expect(memory.get(text)).toBe(map.get(text));
      }),
    );
  });

  it('forgets what came first, and never what came within its capacity', () => {
    const memory = new NumberMemory(100);
    for (let n = 1; n <= 1_050; n++) memory.set(`text ${n}`, n);
    const held = Array.from({ length: 1_050 }, (_, at) => memory.get(`text ${at + 1}`));
    expect(held.slice(-100)).toEqual(Array.from({ length: 100 }, (_, at) => 951 + at));
    expect(held.slice(0, 850).every((value) => value === undefined)).toBe(true);
  });

  it('finds a list that fits as often as it comes, others before it or not', () => {
    const memory = new NumberMemory(1_000);
    const list = Array.from({ length: 1_000 }, (_, at) => `person ${at}`);
    for (let n = 1; n <= 333; n++) memory.set(`other ${n}`, n);
    for (const [at, text] of list.entries()) memory.set(text, at + 1);
    for (let round = 0; round < 3; round++)
      expect(list.map((text) => memory.get(text))).toEqual(list.map((_, at) => at + 1));
  });
});

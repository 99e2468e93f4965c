import fc from 'fast-check';
import { expect, it } from 'vitest';
import { COMPARED_DAYS, isSilent, SPEAKS } from '../../../lambdas/core/ledger/silence.ts';

const counts = fc.array(fc.nat(2 * SPEAKS), { minLength: COMPARED_DAYS, maxLength: COMPARED_DAYS });
const week = (...before: number[]) => ({ now: 0, before });

it('whoever speaks is not silent, whatever was before', () => {
  fc.assert(fc.property(counts, fc.integer({ min: 1, max: 100 }), (before, now) => !isSilent({ now, before })));
});

it('is silent where nothing came and the days before were full, up to two of them', () => {
  expect(isSilent(week(9, 9, 9, 9, 9, 9, 9))).toBe(true);
  expect(isSilent(week(0, 9, 9, 0, 9, 9, 9))).toBe(true);
  expect(isSilent(week(0, 9, 9, 0, 9, 0, 9))).toBe(false);
});

it('lets a weekend pass: the same weekday was empty too', () => {
  expect(isSilent(week(9, 9, 9, 9, 9, 0, 0))).toBe(false);
  // on Monday the days before are the weekend, the last is Monday
  expect(isSilent(week(0, 0, 9, 9, 9, 9, 9))).toBe(true);
});

it('expects nothing of senders of a few messages, or of new ones', () => {
  const few = SPEAKS - 1;
  expect(isSilent(week(few, few, few, few, few, few, few))).toBe(false);
  expect(isSilent(week(9, 9, 9, 9, 9))).toBe(false);
});

it('more messages before never make it less silent', () => {
  fc.assert(
    fc.property(counts, fc.nat(COMPARED_DAYS - 1), (before, day) => {
      const more = before.map((count, at) => (at === day ? count + SPEAKS : count));
      expect(Number(isSilent({ now: 0, before: more }))).toBeGreaterThanOrEqual(Number(isSilent({ now: 0, before })));
    }),
  );
});

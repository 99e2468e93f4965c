import { expect, it } from 'vitest';
import { windowMs } from '../../../lambdas/core/attribution/window.ts';
import { attribution } from '../../../lambdas/core/entities/fields.ts';

it.each([
  ['24h', 86_400_000],
  ['1d', 86_400_000],
  ['7d', 604_800_000],
  ['30d', 2_592_000_000],
  ['1h', 3_600_000],
  ['99999h', 359_996_400_000],
])('%s is %d ms', (text, ms) => {
  expect(windowMs(text)).toBe(ms);
  expect(attribution.safeParse({ model: 'last', window: text }).success).toBe(true);
});

it.each(['', '0h', '7', 'd', '7w', '-1d', '1.5d', '7d ', '07d', '100000h', '7D'])('%j is no window', (text) => {
  expect(windowMs(text)).toBeNull();
  expect(attribution.safeParse({ model: 'last', window: text }).success).toBe(false);
});

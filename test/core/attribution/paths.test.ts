import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPaths, mergePaths } from '../../../lambdas/core/attribution/paths.ts';
import type { Touch } from '../../../lambdas/core/attribution/types.ts';
import { click, DAY, NOW } from './touches.ts';
import { path, pathsOver, sum } from './walks.ts';

const unit = (touch: Touch) => touch.message_id ?? '(none)';
const touch = (message_id: string | null, days: number) => click({ message_id, ts: NOW - days * DAY });
const aged = (touch: Touch) => ({ touch, age_ms: NOW - touch.ts });
const [m1, m2, m3] = [touch('m1', 6), touch('m2', 4), touch('m3', 2)];

describe('journeys', () => {
  it('with conversions are a path for each, over its own touches', () => {
    const conversions = [
      { touches: [m1, m2].map(aged), count: 1, money_minor: 500 },
      { touches: [m3].map(aged), count: 0, money_minor: 200 },
    ];
    expect(buildPaths([{ touches: [m1, m2, m3], conversions }], { unit })).toEqual([
      path('m1>m2', 1, 0, 500),
      path('m3', 0, 0, 200),
    ]);
  });

  it('without any are one null path', () => {
    expect(buildPaths([{ touches: [m1, m3], conversions: [] }], { unit })).toEqual([path('m1>m3', 0, 1)]);
  });

  it('of equal units are one path', () => {
    const converted = { touches: [m1], conversions: [{ touches: [m1].map(aged), count: 1, money_minor: 7 }] };
    const lost = { touches: [m1], conversions: [] };
    expect(buildPaths([converted, lost, converted, lost, lost], { unit })).toEqual([path('m1', 2, 3, 14)]);
  });

  it('without touches, or with a conversion that has none, are no path', () => {
    const unattributed = { touches: [m1], conversions: [{ touches: [], count: 1, money_minor: 9 }] };
    expect(buildPaths([{ touches: [], conversions: [] }, unattributed], { unit })).toEqual([]);
  });

  it('whose window is open can be left out; at its last millisecond it still is', () => {
    const journey = { touches: [m1, m3], conversions: [] };
    const closes = m3.ts + 7 * DAY;
    expect(buildPaths([journey], { unit, matureAt: closes })).toEqual([]);
    expect(buildPaths([journey], { unit, matureAt: closes + 1 })).toHaveLength(1);
    expect(buildPaths([journey], { unit, matureAt: NOW, window: DAY })).toHaveLength(1);
  });

  it('of other units are other paths', () => {
    const journey = { touches: [m1, touch(null, 1)], conversions: [] };
    expect(buildPaths([journey], { unit })).toEqual([path('m1>(none)', 0, 1)]);
    expect(buildPaths([journey], { unit: ({ channel }) => channel })).toEqual([path('sms>sms', 0, 1)]);
  });
});

it('merging loses nothing', () => {
  fc.assert(
    fc.property(pathsOver(3), (paths) => {
      const merged = mergePaths(paths);
      for (const field of ['conversions', 'nulls', 'money_minor'] as const)
        expect(sum(merged.map((p) => p[field]))).toBe(sum(paths.map((p) => p[field])));
      expect(new Set(merged.map(({ units }) => units.join())).size).toBe(merged.length);
    }),
  );
});

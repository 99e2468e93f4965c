import { describe, expect, it } from 'vitest';
import { onePersonalLink, play, rowPerRecipient } from '../../bench/cache/fleet.ts';
import { readsUsd, rowsUsd } from '../../bench/cache/money.ts';
import { SEND, tapsOf } from '../../bench/cache/send.ts';
import { seededRandom } from '../../bench/support/random.ts';
import { DOCUMENT_TTL_MS } from '../../lambdas/redirect/services.ts';

const FOREVER = { lifetimeMs: 1e12 };

describe('the simulation of a send', () => {
  it.each([
    [10, 20],
    [100, 20],
    [400, 5],
  ])('agrees with the formula for %i instances at %i taps a second', async (instances, perSecond) => {
    const random = seededRandom(instances);
    let at = 0;
    const taps = Array.from({ length: 60_000 }, (_, subscriber) => {
      at -= (Math.log(1 - random()) * 1_000) / perSecond;
      return { at, subscriber };
    });
    const { codeReads } = await play(taps, { instances, ...FOREVER }, onePersonalLink, random);
    // Poisson taps of one instance: after each read come rate × time to live hits before the next one.
    const load = ((perSecond / instances) * DOCUMENT_TTL_MS) / 1_000;
    expect(1 - codeReads / taps.length).toBeCloseTo(load / (1 + load), 1.5);
  });

  it('reads a row for each recipient, but for those who tap again at once', async () => {
    const taps = [1, 2, 3, 3, 3].map((subscriber, at) => ({ at, subscriber }));
    const found = await play(taps, { instances: 1, ...FOREVER }, rowPerRecipient, seededRandom(1));
    expect(found).toMatchObject({ taps: 5, codeReads: 3, itemReads: 4 + 3, missed: 3, instancesStarted: 1 });
  });

  it('replaces instances, whose caches are lost', async () => {
    const taps = Array.from({ length: 10_000 }, (_, at) => ({ at, subscriber: at }));
    const found = await play(taps, { instances: 1, lifetimeMs: 100 }, onePersonalLink, seededRandom(1));
    expect(found.instancesStarted).toBeGreaterThan(80);
    expect(found.codeReads).toBe(found.instancesStarted);
  });

  it('has as many taps as asked for, in order, with the delays that were assumed', () => {
    const taps = tapsOf({ ...SEND, sendingMs: 0, repeatShare: 0, taps: 20_000 }, seededRandom(3));
    expect(taps).toHaveLength(20_000);
    expect(taps.every(({ at }, index) => index === 0 || at >= (taps[index - 1]?.at ?? 0))).toBe(true);
    expect((taps[10_000]?.at ?? 0) / 60_000).toBeCloseTo(4, 0);
    expect((taps[18_000]?.at ?? 0) / 60_000).toBeGreaterThan(28);
    const repeated = tapsOf({ ...SEND, taps: 20_000 }, seededRandom(3));
    expect(new Set(repeated.map(({ subscriber }) => subscriber)).size).toBe(17_000);
  });
});

it('money: half a unit a read at $0.125, a unit a row at $0.625 a million', () => {
  expect(readsUsd(1_000_000)).toBeCloseTo(0.0625, 9);
  expect(rowsUsd(1_000_000)).toBeCloseTo(0.625, 9);
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DocumentCache } from '../../lambdas/adapters/edge/document-cache.ts';
import { Lookups } from '../../lambdas/redirect/lookups.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('a tap waits 2.5 seconds for all its reads together, then makes do with what is known', async () => {
  const cache = new DocumentCache({ load: () => new Promise(() => {}), now: () => Date.now(), ttlMs: () => 25_000 });
  cache.put('known', 1);
  vi.advanceTimersByTime(60_000);
  const lookups = new Lookups(cache, () => Date.now());
  let found: ReadonlyMap<string, unknown> | undefined;
  void lookups.getMany(['known', 'strange']).then((documents) => {
    found = documents;
  });
  await vi.advanceTimersByTimeAsync(2_400);
  expect(found).toBeUndefined();
  await vi.advanceTimersByTimeAsync(200);
  expect(found).toEqual(new Map([['known', 1]]));
  expect(await lookups.getMany(['another'])).toEqual(new Map());
});

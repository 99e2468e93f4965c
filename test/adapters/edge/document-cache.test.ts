import { describe, expect, it } from 'vitest';
import { DocumentCache, type LoadMany } from '../../../lambdas/adapters/edge/document-cache.ts';

const TTL = 25_000;

/** A cache over a store whose content, speed and health the test sets. */
function setup(capacity = 100) {
  const state = { now: 1_000, down: false, documents: new Map<string, unknown>([['a', 1]]), reads: [] as string[][] };
  let hold: Promise<void> = Promise.resolve();
  const load: LoadMany = async (keys) => {
    state.reads.push([...keys]);
    await hold;
    if (state.down) throw new Error('down');
    return new Map([...state.documents].filter(([key]) => keys.includes(key)));
  };
  const cache = new DocumentCache({ load, now: () => state.now, ttlMs: () => TTL, capacity });
  const get = async (...keys: string[]) => Object.fromEntries(await cache.getMany(keys));
  return { state, cache, get, holdWith: (promise: Promise<void>) => (hold = promise) };
}

describe('document cache', () => {
  it('reads once and keeps absences too', async () => {
    const { get, state, cache } = setup();
    expect(await get('a', 'b')).toEqual({ a: 1, b: null });
    expect(await get('a', 'b')).toEqual({ a: 1, b: null });
    expect(state.reads).toEqual([['a', 'b']]);
    expect(cache.has(['a', 'b'])).toBe(true);
  });

  it('reads again what is older than asked for, and serves it while the store is down', async () => {
    const { cache, get, state } = setup();
    await get('a', 'b');
    state.now += 999;
    cache.expire(['a', 'strange'], 1_000);
    await get('a');
    expect(state.reads).toEqual([['a', 'b']]);
    state.now += 1;
    state.documents.set('a', 2);
    cache.expire(['a', 'b'], 1_000);
    expect(await get('a')).toEqual({ a: 2 });
    cache.expire(['a'], 1_000);
    await get('a');
    expect(state.reads).toEqual([['a', 'b'], ['a']]);
    state.down = true;
    state.now += 1_000;
    cache.expire(['a'], 1_000);
    expect(await get('a')).toEqual({ a: 2 });
  });

  it('expires absolutely: hits never extend it', async () => {
    const { get, state } = setup();
    await get('a');
    for (let step = 0; step < 24; step++) {
      state.now += 1_000;
      await get('a');
    }
    expect(state.reads).toHaveLength(1);
    state.documents.set('a', 2);
    state.now += 1_000;
    expect(await get('a')).toEqual({ a: 2 });
  });

  it('counts age from the start of the read, so a slow read cannot stretch it', async () => {
    const { get, state, holdWith } = setup();
    let release = () => {};
    holdWith(new Promise((resolve) => (release = resolve)));
    const reading = get('a');
    state.now += TTL;
    release();
    await reading;
    await get('a');
    expect(state.reads).toHaveLength(2);
  });

  it('sends one flight per key, however many ask', async () => {
    const { get, state } = setup();
    const answers = await Promise.all([get('a', 'b'), get('a'), get('b', 'c'), get('a', 'c')]);
    expect(state.reads).toEqual([['a', 'b'], ['c']]);
    expect(answers[3]).toEqual({ a: 1, c: null });
  });

  it('serves the last good value while the store is down, and tells a key never read from one that does not exist', async () => {
    const { get, state } = setup();
    await get('a', 'b');
    state.down = true;
    state.now += TTL * 100;
    expect(await get('a', 'b', 'c')).toEqual({ a: 1, b: null });
    state.down = false;
    state.now += 1_000;
    expect(await get('c')).toEqual({ c: null });
  });

  it('does not ask a store that is down again at once', async () => {
    const { get, state } = setup();
    state.down = true;
    for (let attempt = 0; attempt < 5; attempt++) await get('a');
    expect(state.reads).toHaveLength(1);
    state.now += 1_000;
    await get('a');
    expect(state.reads).toHaveLength(2);
  });

  it('stays within its capacity, dropping what was asked for longest ago', async () => {
    const { get, state, cache } = setup(2);
    await get('a');
    await get('b');
    await get('a');
    await get('c');
    expect([cache.has(['a']), cache.has(['b']), cache.has(['c'])]).toEqual([true, false, true]);
    expect(state.reads).toHaveLength(3);
  });
});

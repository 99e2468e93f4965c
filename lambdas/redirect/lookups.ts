import type { DocumentCache } from '../adapters/edge/document-cache.ts';

/** How long one tap waits for all its reads together, ms: a visitor who waits longer is gone. */
const BUDGET_MS = 2_500;

/** The reads of one tap: what the cache answers, how long the tap waited for it and whether anything had to be read. */
export class Lookups {
  readonly #cache: DocumentCache;
  readonly #monotonic: () => number;
  #waitedMs = 0;
  #allCached = true;

  constructor(cache: DocumentCache, monotonic: () => number) {
    this.#cache = cache;
    this.#monotonic = monotonic;
  }

  get waitedMs(): number {
    return this.#waitedMs;
  }

  get allCached(): boolean {
    return this.#allCached;
  }

  /** See {@link DocumentCache.getMany}. */
  async getMany(keys: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    if (this.#cache.has(keys)) return this.#cache.getMany(keys);
    this.#allCached = false;
    const began = this.#monotonic();
    const documents = await this.#within(BUDGET_MS - this.#waitedMs, keys);
    this.#waitedMs += this.#monotonic() - began;
    return documents;
  }

  /** Like {@link getMany}, but what was read longer ago than this is read again. */
  async getYoung(keys: readonly string[], maxAgeMs: number): Promise<ReadonlyMap<string, unknown>> {
    this.#cache.expire(keys, maxAgeMs);
    return this.getMany(keys);
  }

  /** Reads for so long at most, then makes do with what is known. */
  async #within(budgetMs: number, keys: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    if (budgetMs <= 0) return this.#cache.peekMany(keys);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, budgetMs);
    });
    await Promise.race([this.#cache.getMany(keys), late]);
    clearTimeout(timer);
    return this.#cache.peekMany(keys);
  }
}

import type { DocumentCache } from '../adapters/edge/document-cache.ts';

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
    const documents = await this.#cache.getMany(keys);
    this.#waitedMs += this.#monotonic() - began;
    return documents;
  }
}

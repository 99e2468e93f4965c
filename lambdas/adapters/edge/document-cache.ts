/** Reads several documents at once; a key that is not in the answer does not exist. Throws where the store cannot be read. */
export type LoadMany = (keys: readonly string[]) => Promise<ReadonlyMap<string, unknown>>;

export interface DocumentCacheOptions {
  readonly load: LoadMany;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long a document, or its absence, is believed, counted from the moment its read began, in ms. */
  readonly ttlMs: (key: string) => number;
  /** Documents kept at most; the one least recently asked for goes first. @default 20000 */
  readonly capacity?: number;
  /** How long a failed read keeps the next one from trying, in ms. @default 1000 */
  readonly errorPauseMs?: number;
}

interface Entry {
  /** Null says that the document does not exist. */
  value: unknown;
  expiresAt: number;
}

/**
 * The per-instance cache of the links table. Expiry is absolute: a hit never extends it, so a pause is obeyed within the
 * time to live. Absences are kept like documents. A key is read by one flight at a time. While the store is down the last
 * value read is served, however old.
 */
export class DocumentCache {
  readonly #options: Required<DocumentCacheOptions>;
  readonly #entries = new Map<string, Entry>();
  readonly #flights = new Map<string, Promise<void>>();
  #pausedUntil = 0;

  constructor(options: DocumentCacheOptions) {
    this.#options = { capacity: 20_000, errorPauseMs: 1_000, ...options };
  }

  /** True where all of these can be had without a read. */
  has(keys: readonly string[]): boolean {
    return keys.every((key) => this.#fresh(key) !== undefined);
  }

  /**
   * Documents by key. Null says that one does not exist; a key that is not in the answer could not be read and was never
   * read before: the store is unavailable, which is another thing.
   */
  async getMany(keys: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    const wanted = keys.filter((key) => this.#fresh(key) === undefined);
    if (wanted.length > 0) await this.#refresh(wanted);
    return this.peekMany(keys);
  }

  /** What is known of these keys without reading, however old. */
  peekMany(keys: readonly string[]): ReadonlyMap<string, unknown> {
    return new Map(keys.flatMap((key) => this.#touch(key)));
  }

  /** Puts a value that was learned in another way than by reading, such as the answer to a write. */
  put(key: string, value: unknown): void {
    this.#store(key, value, this.#options.now() + this.#options.ttlMs(key));
  }

  /** Stops believing those of these documents whose read began at least so long ago; they still serve while the store is down. */
  expire(keys: readonly string[], ageMs: number): void {
    const now = this.#options.now();
    for (const key of keys) {
      const entry = this.#entries.get(key);
      const latest = now - ageMs + this.#options.ttlMs(key);
      if (entry && entry.expiresAt <= latest) entry.expiresAt = Math.min(entry.expiresAt, now);
    }
  }

  #fresh(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry && this.#options.now() < entry.expiresAt ? entry : undefined;
  }

  /** The entry as an item of a map, or none; makes it the one most recently asked for. */
  #touch(key: string): [string, unknown][] {
    const entry = this.#entries.get(key);
    if (!entry) return [];
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return [[key, entry.value]];
  }

  async #refresh(keys: readonly string[]): Promise<void> {
    const missing = keys.filter((key) => !this.#flights.has(key));
    if (missing.length > 0 && this.#options.now() >= this.#pausedUntil) this.#fly(missing);
    await Promise.all(keys.map((key) => this.#flights.get(key)));
  }

  #fly(keys: readonly string[]): void {
    const flight = this.#read(keys).finally(() => {
      for (const key of keys) this.#flights.delete(key);
    });
    for (const key of keys) this.#flights.set(key, flight);
  }

  async #read(keys: readonly string[]): Promise<void> {
    const began = this.#options.now();
    try {
      const found = await this.#options.load(keys);
      for (const key of keys) this.#store(key, found.get(key) ?? null, began + this.#options.ttlMs(key));
    } catch {
      this.#pausedUntil = this.#options.now() + this.#options.errorPauseMs;
    }
  }

  #store(key: string, value: unknown, expiresAt: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresAt });
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size > this.#options.capacity && oldest !== undefined) this.#entries.delete(oldest);
  }
}

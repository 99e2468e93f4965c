import type { Answer } from './answer.ts';

/** Statuses whose answers CloudFront keeps for the Error Caching Minimum TTL, even where a function made them. */
const CACHED = new Set([400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504]);
const CAPACITY = 10_000;

/**
 * CloudFront's error cache. AWS keeps errors for 10 s unless a distribution says otherwise; ours say 0, because a cached
 * answer is a tap that nobody sees.
 */
export class ErrorCache {
  readonly #ttlMs: number;
  readonly #now: () => number;
  readonly #kept = new Map<string, { readonly answer: Answer; readonly until: number }>();

  constructor(ttlS: number, now: () => number) {
    this.#ttlMs = ttlS * 1_000;
    this.#now = now;
  }

  /** The error kept for a host and path, or null. The query is no part of the key, as with caching disabled. */
  get(key: string): Answer | null {
    if (this.#ttlMs === 0) return null;
    const kept = this.#kept.get(key);
    return kept && this.#now() < kept.until ? kept.answer : null;
  }

  put(key: string, answer: Answer): void {
    if (this.#ttlMs === 0 || !CACHED.has(answer.status)) return;
    if (this.#kept.size >= CAPACITY) this.#kept.clear();
    this.#kept.set(key, { answer, until: this.#now() + this.#ttlMs });
  }
}

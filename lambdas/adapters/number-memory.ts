import { hash } from 'node:crypto';

/** Words of 32 bits that tell one key from another: with 96 of them a million keys meet by chance once in 10¹⁷ times. */
const WORDS = 3;

/**
 * Remembers numbers by text, a million of them in the memory that a map needs for a fifth: of a text it keeps a digest only. What was
 * remembered first is forgotten first, so that a list which fits is found whole when it comes again.
 */
export class NumberMemory {
  readonly #capacity: number;
  #young: Table;
  #old: Table;

  /** @param capacity how many it surely keeps; it may keep twice as many */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#young = new Table(capacity);
    this.#old = new Table(0);
  }

  /** The number remembered with a text, if any. */
  get(text: string): number | undefined {
    const digest = digestOf(text);
    return this.#young.get(digest) ?? this.#old.get(digest);
  }

  /** @param value from 1 to 2³² - 1 */
  set(text: string, value: number): void {
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Table(this.#capacity);
    }
    this.#young.set(digestOf(text), value);
  }
}

/** Open addressing with linear probing, at most half full. */
class Table {
  size = 0;
  readonly #mask: number;
  readonly #digests: Uint32Array;
  readonly #values: Uint32Array;

  constructor(capacity: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(1, capacity) * 2));
    this.#mask = slots - 1;
    this.#digests = new Uint32Array(slots * WORDS);
    this.#values = new Uint32Array(slots);
  }

  get(digest: Uint32Array): number | undefined {
    return this.#values[this.#slotOf(digest)] || undefined;
  }

  set(digest: Uint32Array, value: number): void {
    const slot = this.#slotOf(digest);
    if (this.#values[slot] === 0) this.size++;
    this.#digests.set(digest, slot * WORDS);
    this.#values[slot] = value;
  }

  /** Where a digest is, or the free place where it would be. */
  #slotOf(digest: Uint32Array): number {
    let slot = (digest[0] ?? 0) & this.#mask;
    while (this.#values[slot] !== 0 && !this.#holds(slot, digest)) slot = (slot + 1) & this.#mask;
    return slot;
  }

  #holds(slot: number, digest: Uint32Array): boolean {
    return digest.every((word, at) => word === this.#digests[slot * WORDS + at]);
  }
}

function digestOf(text: string): Uint32Array {
  const bytes = hash('sha256', text, 'buffer');
  return Uint32Array.from({ length: WORDS }, (_, at) => bytes.readUInt32LE(at * 4));
}

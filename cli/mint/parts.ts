import type { Scanner } from './scanner.ts';

/** Some whole records of a list, as they stand in it. */
export interface Part {
  readonly kind: 'part';
  readonly bytes: Buffer;
  readonly records: number;
  /** Number of the line the part begins on, counted from 1. */
  readonly line: number;
  /** Bytes of the list up to the end of this part, and the line behind it. */
  readonly endOffset: number;
  readonly endLine: number;
}

/** A record that no part may hold: its beginning is all that is kept of it. */
export interface TooLong {
  readonly kind: 'too-long';
  readonly beginning: Buffer;
  readonly length: number;
  readonly line: number;
  readonly endOffset: number;
  readonly endLine: number;
}

export interface PartLimits {
  readonly records: number;
  /** Bytes of a part, and of one record. */
  readonly bytes: number;
}

const LF = 10;
const KEPT_OF_TOO_LONG = 200;

/**
 * Cuts a list into parts of whole records. Never more than one part and one chunk of the source is in memory, whatever the
 * list's size and however long a record is.
 * @param start where the source begins in the list: offset in bytes and number of the line
 */
export async function* partsOf(
  source: AsyncIterable<Uint8Array>,
  scanner: Scanner,
  limits: PartLimits,
  start = { offset: 0, line: 1 },
): AsyncGenerator<Part | TooLong> {
  const cutter = new Cutter(scanner, limits, start);
  for await (const chunk of source) yield* cutter.push(chunk);
  yield* cutter.finish();
}

class Cutter {
  readonly #scanner: Scanner;
  readonly #limits: PartLimits;
  /** Bytes not yet given out: whole records, then the one under way. */
  #held = Buffer.alloc(0);
  /** Where in `#held` the record under way begins, and how far it was looked at. */
  #recordStart = 0;
  #seen = 0;
  #records = 0;
  #offset: number;
  #line: number;
  /** Bytes of a record that is too long and of which only the beginning is still held. */
  #dropped = 0;
  #droppedLines = 0;

  constructor(scanner: Scanner, limits: PartLimits, { offset, line }: { offset: number; line: number }) {
    this.#scanner = scanner;
    this.#limits = limits;
    this.#offset = offset;
    this.#line = line;
  }

  *push(chunk: Uint8Array): Generator<Part | TooLong> {
    this.#held = Buffer.concat([this.#held, chunk]);
    for (let end = this.#next(); end >= 0; end = this.#next()) yield* this.#recordEnded(end);
    if (this.#held.length - this.#recordStart > this.#limits.bytes) yield* this.#letGo();
  }

  /** What is left at the end of the list: its last record may lack a line end. */
  *finish(): Generator<Part | TooLong> {
    if (this.#held.length > this.#recordStart || this.#dropped > 0) yield* this.#recordEnded(this.#held.length);
    yield* this.#flush();
  }

  #next(): number {
    const end = this.#scanner.end(this.#held, this.#seen);
    this.#seen = end < 0 ? this.#held.length : end;
    return end;
  }

  *#recordEnded(end: number): Generator<Part | TooLong> {
    const length = end - this.#recordStart + this.#dropped;
    if (length > this.#limits.bytes) return yield* this.#tooLong(end, length);
    const isFull = end > this.#limits.bytes && this.#records > 0;
    const taken = isFull ? yield* this.#flush() : 0;
    this.#recordStart = end - taken;
    this.#records += 1;
    if (this.#records === this.#limits.records) yield* this.#flush();
  }

  /** Gives out the whole records that are held. @returns how many bytes that took off the front */
  *#flush(): Generator<Part, number> {
    if (this.#records === 0) return 0;
    const bytes = this.#held.subarray(0, this.#recordStart);
    const line = this.#line;
    this.#advance(bytes, bytes.length);
    const records = this.#records;
    this.#records = 0;
    yield { kind: 'part', bytes, records, line, endOffset: this.#offset, endLine: this.#line };
    return bytes.length;
  }

  *#tooLong(end: number, length: number): Generator<Part | TooLong> {
    const taken = yield* this.#flush();
    const whole = this.#held.subarray(0, end - taken);
    const beginning = Buffer.from(whole.subarray(0, KEPT_OF_TOO_LONG));
    const line = this.#line;
    this.#recordStart = whole.length;
    this.#advance(whole, length);
    this.#line += this.#droppedLines;
    this.#dropped = 0;
    this.#droppedLines = 0;
    yield { kind: 'too-long', beginning, length, line, endOffset: this.#offset, endLine: this.#line };
  }

  /** The record under way is too long already: gives out what stands before it and keeps only its beginning. */
  *#letGo(): Generator<Part> {
    yield* this.#flush();
    const record = this.#held;
    const kept = Math.min(KEPT_OF_TOO_LONG, record.length);
    this.#droppedLines += linesIn(record.subarray(kept));
    this.#dropped += record.length - kept;
    this.#held = Buffer.from(record.subarray(0, kept));
    this.#seen = kept;
  }

  /** Takes bytes off the front of what is held. */
  #advance(bytes: Uint8Array, length: number): void {
    this.#offset += length;
    this.#line += linesIn(bytes);
    this.#held = this.#held.subarray(bytes.length);
    this.#seen -= bytes.length;
    this.#recordStart -= bytes.length;
  }
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines += 1;
  return lines;
}

/** The line on which each record of a part begins; empty lines are none. */
export function recordLines(bytes: Buffer, scanner: Scanner, firstLine: number): number[] {
  const lines: number[] = [];
  let line = firstLine;
  for (let start = 0; start < bytes.length; ) {
    const found = scanner.end(bytes, start);
    const end = found < 0 ? bytes.length : found;
    const record = bytes.subarray(start, end);
    if (record.toString().trim() !== '') lines.push(line);
    line += linesIn(record);
    start = end;
  }
  return lines;
}

import { randomBytes } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readdirSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const OPEN = '.open';
const READY = '.ready';
/** A segment is closed beyond this size, so that delivering one needs little memory. */
const SEGMENT_BYTES = 8 * 1024 * 1024;

interface Segment {
  readonly file: string;
  readonly descriptor: number;
  bytes: number;
}

/**
 * A write-ahead log of lines, in segments. Lines are with the operating system before {@link append} returns, so they
 * survive `kill -9`; a segment is ready for delivery once it is closed, and is deleted when it has been delivered.
 */
export class Spool {
  readonly #folder: string;
  #segment: Segment | null = null;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes lines, each with its line end, all or none. @throws NodeJS.ErrnoException where the disk takes no more */
  append(lines: string): void {
    this.#segment ??= this.#open();
    const segment = this.#segment;
    const bytes = Buffer.from(lines);
    try {
      writeWhole(segment.descriptor, bytes);
    } catch (error) {
      ftruncateSync(segment.descriptor, segment.bytes);
      throw error;
    }
    segment.bytes += bytes.length;
    if (segment.bytes > SEGMENT_BYTES) this.rotate();
  }

  /** Closes the segment being written, so that it can be delivered. */
  rotate(): void {
    if (!this.#segment) return;
    const { file, descriptor } = this.#segment;
    this.#segment = null;
    closeSync(descriptor);
    renameSync(file, file.slice(0, -OPEN.length) + READY);
  }

  #open(): Segment {
    const order = `${String(Date.now()).padStart(14, '0')}-${String(this.#count++).padStart(6, '0')}`;
    const file = join(this.#folder, `${order}-${randomBytes(4).toString('hex')}${OPEN}`);
    return { file, descriptor: openSync(file, 'ax', 0o600), bytes: 0 };
  }
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}

/** A closed segment. */
export interface ReadySegment {
  /** Name without ending; unique, and the same after a restart. */
  readonly id: string;
  readonly file: string;
}

/** Segments that wait for delivery, oldest first. */
export function readySegments(folder: string): ReadySegment[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(READY));
  return names.toSorted().map((name) => ({ id: name.slice(0, -READY.length), file: join(folder, name) }));
}

/** Makes what a system that died was writing ready for delivery; call before anything is written. */
export function recoverSegments(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => each.endsWith(OPEN)))
    renameSync(join(folder, name), join(folder, name.slice(0, -OPEN.length) + READY));
}

/** Forgets a segment that has been delivered. */
export function dropSegment({ file }: ReadySegment): void {
  unlinkSync(file);
}

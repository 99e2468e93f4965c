import { once } from 'node:events';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';

/** Where rows of one kind go. */
export interface Output {
  /** Bytes written so far. */
  readonly bytes: number;
  /** Writes rows, and before the first of them the header. */
  write(header: string, rows: string): Promise<void>;
  close(): void;
}

/** Rows to a stream, at the pace it takes them. */
export class StreamOutput implements Output {
  readonly #stream: Writable;
  bytes = 0;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  async write(header: string, rows: string): Promise<void> {
    const text = this.bytes === 0 ? header + rows : rows;
    this.bytes += Buffer.byteLength(text);
    if (!this.#stream.write(text)) await once(this.#stream, 'drain');
  }

  close(): void {}
}

/** Rows to a file that is made with the first of them. */
export class FileOutput implements Output {
  readonly path: string;
  #descriptor: number | null = null;
  bytes: number;

  /** @param bytes what an earlier run wrote and is kept; what stands behind is cut off */
  constructor(path: string, bytes = 0) {
    this.path = path;
    this.bytes = bytes;
  }

  async write(header: string, rows: string): Promise<void> {
    const buffer = Buffer.from(this.bytes === 0 ? header + rows : rows);
    const descriptor = this.#opened();
    for (let at = 0; at < buffer.length; ) at += writeSync(descriptor, buffer, at, buffer.length - at, this.bytes + at);
    this.bytes += buffer.length;
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #opened(): number {
    if (this.#descriptor !== null) return this.#descriptor;
    this.#descriptor = openSync(this.path, this.bytes > 0 ? 'r+' : 'w');
    if (this.bytes > 0) ftruncateSync(this.#descriptor, this.bytes);
    return this.#descriptor;
  }
}

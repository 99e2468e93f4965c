import { isUtf8 } from 'node:buffer';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { CliError } from '../cli-error.ts';
import type { Terminal } from '../terminal.ts';
import { type Part, type PartLimits, partsOf, type TooLong } from './parts.ts';
import { CsvScanner, delimiterOf, LineScanner, type Scanner } from './scanner.ts';

export type ListFormat = 'csv' | 'ndjson';

export const MEDIA_TYPES: Readonly<Record<ListFormat, string>> = { csv: 'text/csv', ndjson: 'application/x-ndjson' };

/** A list that is being read: its header line, and its parts behind it. */
export interface ListSource {
  readonly format: ListFormat;
  /** The header with its line end; empty for NDJSON. */
  readonly header: Buffer;
  /** A scanner for records of this list. */
  readonly newScanner: () => Scanner;
  readonly parts: AsyncGenerator<Part | TooLong>;
  /** Bytes of the whole list; null where it comes from a pipe. */
  readonly size: number | null;
}

const CHUNK_BYTES = 1 << 20;
/** Larger headers are none. */
const MAX_HEADER_BYTES = 64 * 1024;
const UTF16 = [Buffer.of(0xff, 0xfe), Buffer.of(0xfe, 0xff)];
const BOM = Buffer.of(0xef, 0xbb, 0xbf);

/** Format of a list by the end of its name; CSV where it says nothing. */
export function formatOf(path: string): ListFormat {
  return /\.(ndjson|jsonl)$/i.test(path) ? 'ndjson' : 'csv';
}

/**
 * Opens a list.
 * @param offset bytes that an earlier run has minted already; 0 to begin at the beginning
 * @throws CliError where there is no such file, or it is no text in UTF-8
 */
export async function openList(
  path: string,
  format: ListFormat,
  limits: PartLimits,
  resume: { readonly offset: number; readonly line: number } | null,
  terminal: Terminal,
): Promise<ListSource> {
  const size = sizeOf(path);
  const stream = path === '-' ? terminal.stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const { header, rest } = await splitHeader(stream as AsyncIterable<Buffer>, format, path);
  const delimiter = delimiterOf(header.toString());
  const newScanner = () => (format === 'csv' ? new CsvScanner(delimiter) : new LineScanner());
  const start = resume ?? { offset: header.length, line: format === 'csv' ? 2 : 1 };
  const behind = resume ? skipped(rest, resume.offset - header.length) : rest;
  const room = { ...limits, bytes: limits.bytes - header.length };
  return { format, header, newScanner, size, parts: checked(partsOf(behind, newScanner(), room, start)) };
}

function sizeOf(path: string): number | null {
  if (path === '-') return null;
  if (!existsSync(path) || !statSync(path).isFile()) throw new CliError(`there is no file ${path}`);
  return statSync(path).size;
}

/** Reads the header line off the front of a CSV list. */
async function splitHeader(stream: AsyncIterable<Buffer>, format: ListFormat, path: string) {
  const chunks = stream[Symbol.asyncIterator]();
  let front = Buffer.alloc(0);
  let end = format === 'csv' ? -1 : 0;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    front = Buffer.concat([front, next.value]);
    if (format === 'csv') end = headerEnd(front);
    if (end >= 0 || front.length > MAX_HEADER_BYTES) break;
  }
  checkBeginning(front, path);
  if (end < 0) end = front.length;
  if (end > MAX_HEADER_BYTES)
    throw new CliError(`the first line of ${path} has more than ${MAX_HEADER_BYTES} bytes: it is no header`);
  return { header: Buffer.from(front.subarray(0, end)), rest: continued(front.subarray(end), chunks) };
}

const headerEnd = (bytes: Buffer) =>
  new CsvScanner(delimiterOf(bytes.toString().split(/[\r\n]/, 1)[0] ?? '')).end(bytes, 0);

function checkBeginning(front: Buffer, path: string): void {
  if (
    front
      .subarray(front.indexOf(BOM) === 0 ? 3 : 0)
      .toString()
      .trim() === ''
  )
    throw new CliError(`${path} is empty`);
  if (UTF16.some((mark) => front.indexOf(mark) === 0))
    throw new CliError(`${path} is UTF-16: convert it with "iconv -f UTF-16 -t UTF-8 ${path} > list.csv"`);
}

async function* continued(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

async function* skipped(chunks: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/** @throws CliError naming the first line that is not UTF-8 */
async function* checked(parts: AsyncGenerator<Part | TooLong>): AsyncGenerator<Part | TooLong> {
  for await (const part of parts) {
    if (part.kind === 'part' && !isUtf8(part.bytes)) {
      const line = part.line + lineOfFault(part.bytes);
      throw new CliError(
        `line ${line} is not UTF-8: convert the list, for example with "iconv -f WINDOWS-1252 -t UTF-8", and run this again`,
      );
    }
    yield part;
  }
}

function lineOfFault(bytes: Buffer): number {
  const lines = bytes.toString('latin1').split('\n');
  return Math.max(
    0,
    lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1'))),
  );
}

import { readFileSync } from 'node:fs';
import type { ReadySegment } from './spool.ts';

/** A record as it lies in a segment of a stream's spool. */
export interface Arrival {
  /** Epoch milliseconds. */
  readonly arrived: number;
  /** Base64. */
  readonly data: string;
}

/** A record ready to be converted: one JSON object. */
export interface DeliverableRow {
  readonly arrival: Arrival;
  readonly json: string;
}

/** What Firehose keeps of a record that it could not deliver, under the error prefix. */
export interface FailedRecord extends Arrival {
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** UTC date of a time, yyyy-MM-dd. */
export const dtOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** Whole lines; one that a crash cut off was never acknowledged. */
export function linesOf({ file }: ReadySegment): string[] {
  const text = readFileSync(file, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
}

/** The records of a stream's segment. */
export function arrivalsOf(segment: ReadySegment): Arrival[] {
  return linesOf(segment).map((line) => {
    const space = line.indexOf(' ');
    return { arrived: Number(line.slice(0, space)), data: line.slice(space + 1) };
  });
}

export const failure = (arrival: Arrival, errorCode: string, errorMessage: string): FailedRecord => ({
  ...arrival,
  errorCode,
  errorMessage: errorMessage.slice(0, 500),
});

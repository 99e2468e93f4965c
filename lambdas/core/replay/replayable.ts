import type { TapRecord } from '../../contract/clicks.ts';
import { readTap } from '../enrich-click.ts';

/** What a line of a log or of Firehose's error prefix holds for replay. */
export type Replayable =
  | { readonly kind: 'click'; readonly tap: TapRecord }
  /** A click that cannot be read, and why; it needs a person. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** Some other line of the log. */
  | { readonly kind: 'other' };

const OTHER: Replayable = { kind: 'other' };
const MAX_DEPTH = 4;
/** A log event's message on a line of its own, as the AWS CLI prints JSON. */
const MESSAGE = /^\s*"message":\s*("(?:[^"\\]|\\.)*"),?\s*$/;

/**
 * Reads one line: a click as the edge logs it, with or without what CloudWatch puts before it, a log event that holds such
 * a line as its message, or an error record of Firehose, whose raw data may hold several clicks.
 */
export function readLine(line: string, depth = 0): Replayable[] {
  const message = MESSAGE.exec(line)?.[1];
  if (message) return readLine(JSON.parse(message) as string, depth + 1);
  const text = line.slice(Math.max(0, line.indexOf('{'))).trim();
  if (!text.startsWith('{') || depth > MAX_DEPTH) return [OTHER];
  const value = parseObject(text);
  if (value) return readObject(value, depth);
  return [/click_not_stored|rawData/.test(text) ? { kind: 'unreadable', reason: 'the line is not whole JSON' } : OTHER];
}

function readObject(value: Record<string, unknown>, depth: number): Replayable[] {
  if (typeof value.rawData === 'string') return readRawData(value.rawData);
  if (typeof value.message === 'string') return readLine(value.message, depth + 1);
  return 'click_id' in value || value.log === 'click_not_stored' ? [toClick(value)] : [OTHER];
}

function readRawData(base64: string): Replayable[] {
  const lines = Buffer.from(base64, 'base64')
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const value = parseObject(line);
    return value ? toClick(value) : { kind: 'unreadable', reason: 'the raw data is not JSON' };
  });
}

function toClick(value: Record<string, unknown>): Replayable {
  try {
    return { kind: 'click', tap: readTap(value) };
  } catch (error) {
    return { kind: 'unreadable', reason: (error as Error).message };
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

import { type ClickRecord, type TapRecord, tapColumns } from '../contract/clicks.ts';
import type { Column, GlueType } from '../contract/column.ts';
import { RULES_VERSION, verdictOf } from './verdict.ts';
import { visitorOf } from './visitor.ts';

/** A record is not a tap: a value of the wrong type would make the conversion to Parquet refuse it. */
export class UnreadableTapError extends Error {
  override readonly name = 'UnreadableTapError';
}

/** End of the year 9999: a later time could not be shown as a timestamp, and one such row would fail every query of its day. */
const LAST_TIME = Date.UTC(10_000, 0) - 1;

const CHECKS: Readonly<Record<GlueType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  bigint: (value) => Number.isSafeInteger(value),
  double: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  'array<string>': (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
};

/**
 * Reads a tap from JSON that came through a stream or a log: exactly the columns of the contract, a missing optional one as null.
 * @throws UnreadableTapError naming every fault
 */
export function readTap(value: unknown): TapRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UnreadableTapError('not a JSON object');
  const given = value as Record<string, unknown>;
  const faults = tapColumns.flatMap((column) => faultOf(column, given[column.name]));
  if (typeof given.ts === 'number' && Math.abs(given.ts) > LAST_TIME) faults.push('ts is not a time');
  if (faults.length > 0) throw new UnreadableTapError(faults.join('; '));
  return Object.fromEntries(tapColumns.map(({ name }) => [name, given[name] ?? null])) as unknown as TapRecord;
}

function faultOf(column: Column, value: unknown): string[] {
  if (value === undefined || value === null) return column.required ? [`${column.name} is missing`] : [];
  return CHECKS[column.type](value) ? [] : [`${column.name} is not a ${column.type}`];
}

/** Adds what the user agent, method and prefetch headers tell: device, system, browser, app and the first verdict. */
export function enrichClick(tap: TapRecord): ClickRecord {
  const { actor, reasons } = verdictOf(tap);
  return {
    ...tap,
    ...visitorOf(tap.user_agent),
    actor,
    reasons: [...reasons],
    rules_version: RULES_VERSION,
    recovered: false,
  };
}

import fc from 'fast-check';
import { type TapRecord, tapColumns } from '../../lambdas/contract/clicks.ts';
import type { Column, GlueType } from '../../lambdas/contract/column.ts';

/** Values a column of the contract may have. */
const VALUES: Readonly<Record<GlueType, fc.Arbitrary<unknown>>> = {
  string: fc.string({ unit: 'grapheme', maxLength: 300 }),
  bigint: fc.maxSafeInteger(),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }),
  boolean: fc.boolean(),
  'array<string>': fc.array(fc.string()),
};

const valuesFor = ({ type, required }: Column) => (required ? VALUES[type] : fc.option(VALUES[type]));

/** Any tap that the contract allows, at any time of our reckoning. */
export const anyTap = fc.record({
  ...Object.fromEntries(tapColumns.map((column) => [column.name, valuesFor(column)])),
  ts: fc.integer({ min: 0, max: Date.UTC(10_000, 0) - 1 }),
}) as unknown as fc.Arbitrary<TapRecord>;

/** True where a value is what Firehose's conversion takes for a column; written apart from the code under test. */
export function fits({ type, required }: Column, value: unknown): boolean {
  if (value === null) return !required;
  if (type === 'bigint') return typeof value === 'number' && Number.isInteger(value);
  if (type === 'double') return typeof value === 'number' && Number.isFinite(value);
  if (type === 'array<string>') return Array.isArray(value) && value.every((item) => typeof item === 'string');
  return typeof value === type;
}

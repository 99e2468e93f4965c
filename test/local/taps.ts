import { type TapRecord, tapColumns } from '../../lambdas/contract/clicks.ts';

/** A tap as the edge sends it; every column has a value. */
export function aTap(over: Partial<TapRecord> = {}): TapRecord {
  const values = { string: 'x', bigint: 1_700_000_000_000, double: 0.5 } as const;
  const record = Object.fromEntries(tapColumns.map(({ name, type }) => [name, values[type]]));
  return { ...(record as unknown as TapRecord), click_id: crypto.randomUUID(), method: 'GET', ...over };
}

/** The data of a Firehose record, base64. */
export const dataOf = (tap: object) => Buffer.from(`${JSON.stringify(tap)}\n`).toString('base64');

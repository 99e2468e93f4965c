import { ledgerKey } from '../contract/keys.ts';
import type { DynamoTable } from './dynamo-table.ts';

/** So many calls in a window of time. */
export interface RateLimit {
  readonly calls: number;
  readonly windowMs: number;
}

/**
 * Counts a call against a limit and says whether it is still within it. Windows are fixed, counters go soon after theirs.
 * @param subject whose calls are counted: nothing personal, since it is a key of the table
 * @param now epoch milliseconds
 */
export async function withinLimit(
  ledger: DynamoTable,
  subject: string,
  { calls, windowMs }: RateLimit,
  now: number,
): Promise<boolean> {
  const window = Math.floor(now / windowMs);
  const expires_at = Math.ceil(((window + 1) * windowMs) / 1_000) + 60;
  const { n } = await ledger.update(ledgerKey.rateLimit(subject, window), { add: { n: 1 }, set: { expires_at } });
  return Number(n) <= calls;
}

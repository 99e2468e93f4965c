import { afterEach, beforeEach } from 'vitest';
import type { StoredMessage } from '../../lambdas/core/postback/stored-message.ts';
import { createSweep } from '../../lambdas/sweep/handler.ts';
import { messageTo, NOW, netsOf, oneByOne, startLedger, type TestLedger } from './ledger.ts';

/** An account for each test of a file, whose messages come a minute apart and are taken one by one. @param setUp gives it its sources */
export function minutely(setUp: (account: TestLedger) => Promise<void>) {
  const now: { account?: TestLedger; minute: number } = { minute: 0 };
  beforeEach(async () => {
    now.account = await startLedger();
    now.minute = 0;
    await setUp(now.account);
  });
  afterEach(() => now.account?.close());
  const account = () => {
    if (!now.account) throw new Error('outside of a test');
    return now.account;
  };
  const next = () => NOW + 60_000 * now.minute++;
  return {
    account,
    /** When the next message comes, epoch milliseconds. */
    next,
    told: (source: string, query: string) => messageTo(source, { query, received_at: next() }),
    process: (...messages: StoredMessage[]) => oneByOne(account(), messages),
    sweep: () => createSweep(account().services)(),
    /** An hour later: whatever waits is due. */
    later: async () => {
      account().clock.now += 3_600_000;
      await createSweep(account().services)();
    },
    nets: () => netsOf(account().rows()),
  };
}

import { afterEach, beforeEach, expect, it } from 'vitest';
import { workOnRematches } from '../../lambdas/adapters/attribution/rematch-run.ts';
import type { UnmatchedKey } from '../../lambdas/adapters/unmatched-index.ts';
import { createSweep, type SweepOptions } from '../../lambdas/sweep/handler.ts';
import { allOf, emailHash, messageTo, startLedger, type TestLedger } from '../support/ledger.ts';

const MINUTE = 60_000;
let account: TestLedger;
beforeEach(async () => {
  account = await startLedger();
  await account.addSource('site', { profile: 'generic' });
});
afterEach(() => account.close());

const sweep = (options?: SweepOptions, services = account.services) => createSweep(services)(options);
const jobsLeft = async () => (await allOf(account.ledger.jobs.before(account.clock.now))).length;

/** Orders of these people, whom a list then brings: each the last of as many keys as fit into a job. */
async function listed(names: readonly string[], keysOfJob: number): Promise<void> {
  await account.process(
    ...names.map((name) => messageTo('site', { query: `order_id=${name}&amount=5&email=${name}@example.com` })),
  );
  for (const [at, name] of names.entries()) {
    const others = Array.from(
      { length: keysOfJob - 1 },
      (_, no) => ({ kind: 'email', value: `${name}-${no}` }) as const,
    );
    const own: UnmatchedKey = { kind: 'email', value: emailHash(`${name}@example.com`) };
    await account.ledger.jobs.add([...others, own]);
    await account.addSubscriber(name, 100 + at, { email: own.value });
    account.clock.now += 1;
  }
  account.clock.now += 2 * MINUTE;
}

const matched = () =>
  account
    .rows()
    .filter(({ match }) => match === 'identity')
    .map(({ subscriber_id }) => subscriber_id)
    .sort();

it('works off every job in one sweep, however many there are', async () => {
  const names = Array.from({ length: 45 }, (_, at) => `p${at}`);
  await listed(names, 3);
  expect(await sweep()).toMatchObject({ matched: 45 });
  expect(matched()).toEqual([...names].sort());
  expect(await jobsLeft()).toBe(0);
});

it('leaves to the next sweep what does not fit into its time, even the rest of a job', async () => {
  await listed(['ann', 'ben', 'cleo'], 2_000);
  const looks = (most: number) => {
    let count = 0;
    return workOnRematches(account.clock.now, () => count++ >= most, account.ledger);
  };
  expect([await looks(1), await jobsLeft()]).toEqual([0, 3]);
  expect([await looks(3), matched(), await jobsLeft()]).toEqual([1, ['ann'], 2]);
  expect(await sweep({ endsAt: account.clock.now + MINUTE - 1 })).toMatchObject({ matched: 0 });
  expect(await sweep({ endsAt: account.clock.now + 4 * MINUTE })).toMatchObject({ matched: 2 });
  expect([matched(), await jobsLeft()]).toEqual([['ann', 'ben', 'cleo'], 0]);
});

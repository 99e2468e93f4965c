import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RematchJobs } from '../../lambdas/adapters/rematch-jobs.ts';
import type { UnmatchedKey } from '../../lambdas/adapters/unmatched-index.ts';
import { startTables } from '../support/dynalite.ts';
import { allOf } from '../support/ledger.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

/** Ids as long as they may be, of which nothing can be compressed. */
const longIds = (count: number): UnmatchedKey[] => {
  const id = fc.string({ minLength: 128, maxLength: 128, unit: 'binary' });
  return fc.sample(id, { numRuns: count, seed: 7 }).map((value) => ({ kind: 'subscriber', value }));
};

it('keeps the keys of a list in their order until they are done, however long they are', async () => {
  const jobs = new RematchJobs(tables.ledgerTable, () => 1_000, randomUUID);
  const short = Array.from({ length: 6_000 }, (_, at): UnmatchedKey => ({ kind: 'email', value: `hash-${at}` }));
  const long = longIds(2_500);
  await jobs.add(short);
  expect((await allOf(jobs.before(1_000))).map(({ keys }) => keys.length).sort((a, b) => a - b)).toEqual([
    1_000, 5_000,
  ]);
  await jobs.add(long);
  const found = await allOf(jobs.before(1_000));
  const keys = found.flatMap((job) => job.keys);
  const byText = (list: readonly UnmatchedKey[]) => list.map(({ kind, value }) => `${kind} ${value}`).sort();
  expect(byText(keys)).toEqual(byText([...short, ...long]));
  for (const job of found) await jobs.done(job);
  expect(await allOf(jobs.before(1_000))).toEqual([]);
});

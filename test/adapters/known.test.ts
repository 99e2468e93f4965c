import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLedger } from '../../lambdas/adapters/attribution/ledger.ts';
import { startLedger, type TestLedger } from '../support/ledger.ts';

let account: TestLedger;
beforeEach(async () => {
  account = await startLedger();
  await account.addSource('net', { profile: 'tune' });
});
afterEach(() => account.close());

it('remembers a source for ten seconds, by a clock that goes on where the other is made to stand', async () => {
  let passed = 0;
  const { known } = openLedger({ ...account.services, uptime: () => passed });
  const profile = async () => (await known.source('net'))?.profile;
  expect(await profile()).toBe('tune');
  await account.addSource('net', { profile: 'affise' });
  passed = 9_999;
  expect(await profile()).toBe('tune');
  expect((await known.anew().source('net'))?.profile).toBe('affise');
  expect(await profile()).toBe('tune');
  passed = 10_000;
  expect(await profile()).toBe('affise');
});

it('takes what it remembers for old once either clock has gone on by ten seconds, or was set back by as much', async () => {
  let now = 1_000_000;
  const { known } = openLedger({ ...account.services, now: () => now, uptime: () => 0 });
  const profile = async () => (await known.source('net'))?.profile;
  expect(await profile()).toBe('tune');
  await account.addSource('net', { profile: 'affise' });
  now += 9_999;
  expect(await profile()).toBe('tune');
  now += 1;
  expect(await profile()).toBe('affise');
  await account.addSource('net', { profile: 'tune' });
  now -= 10_000;
  expect(await profile()).toBe('tune');
});

it('asks again whether a source that is paused or missing still is, and remembers the one that is active', async () => {
  const { known } = openLedger({ ...account.services, uptime: () => 0 });
  const status = async (id: string) => (await known.source(id))?.status;
  expect(await status('late')).toBeUndefined();
  await account.addSource('late', { profile: 'tune', status: 'paused' });
  expect(await status('late')).toBe('paused');
  await account.addSource('late', { profile: 'tune' });
  expect(await status('late')).toBe('active');
  await account.addSource('late', { profile: 'tune', status: 'paused' });
  expect(await status('late')).toBe('active');
});

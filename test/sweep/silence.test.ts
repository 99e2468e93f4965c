import { afterEach, beforeEach, expect, it } from 'vitest';
import { EntityStore } from '../../lambdas/adapters/entity-store.ts';
import { EventLog } from '../../lambdas/adapters/event-log.ts';
import { ledgerKey } from '../../lambdas/contract/keys.ts';
import { sourceInput } from '../../lambdas/core/entities/source.ts';
import { createSilenceCheck } from '../../lambdas/sweep/silence.ts';
import { NOW, startLedger, type TestLedger } from '../support/ledger.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let account: TestLedger;
beforeEach(async () => {
  account = await startLedger();
  account.clock.now = NOW;
});
afterEach(() => account.close());

const check = () => createSilenceCheck(account.services)();

async function add(id: string, status: 'active' | 'paused' = 'active'): Promise<void> {
  const document = { id, ...sourceInput.parse({ profile: 'everflow', status }) };
  const pk = ledgerKey.source(id);
  await new EntityStore(account.ledgerTable, () => NOW).save(
    { pk, kind: 'source', sort: id, subject: pk },
    document,
    null,
  );
}

/** Messages of a source, `count` of them in the hours before `until`. */
async function speak(source_id: string, until: number, hours: number, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, at) => ({
    id: `${source_id}-${until}-${at}`,
    source_id,
    received_at: until - 1 - Math.floor(((at + 0.5) * hours * HOUR) / count),
    outcome: 'accepted' as const,
    reason: null,
    parameter: null,
    conversion_id: null,
    duplicate_of: null,
  }));
  await new EventLog(account.ledgerTable).put(events);
}
const speakDaily = async (id: string, hours: number, count: number, days = [1, 2, 3, 4, 5, 6, 7]) => {
  for (const day of days) await speak(id, NOW - day * DAY, hours, count);
};

it('names sources that spoke at these hours all week and say nothing now', async () => {
  for (const id of ['quick', 'slow', 'well', 'few', 'new', 'never']) await add(id);
  await add('paused', 'paused');
  await speakDaily('quick', 1, 10);
  await speakDaily('slow', 24, 10);
  await speakDaily('well', 1, 10);
  await speak('well', NOW - HOUR / 2, 0.4, 1);
  await speakDaily('few', 24, 5);
  await speakDaily('new', 1, 30, [1, 2, 3]);
  await speakDaily('paused', 1, 10);
  expect(await check()).toEqual({ sources: 6, silent: ['quick', 'slow'] });
  expect(account.log).toContainEqual({
    event: 'sweep:silence',
    sources: 6,
    silent: 2,
    silent_sources: ['quick', 'slow'],
  });
});

it('compares with the same hours: a shop that sleeps at night is no alarm', async () => {
  await add('day-shop');
  // twelve hours of business that ended two hours ago, today as on all days
  for (const day of [0, 1, 2, 3, 4, 5, 6, 7]) await speak('day-shop', NOW - 2 * HOUR - day * DAY, 12, 120);
  expect(await check()).toEqual({ sources: 1, silent: [] });
  account.clock.now = NOW + 22 * HOUR;
  expect((await check()).silent).toEqual(['day-shop']);
});

it('falls quiet again when it speaks, and where nobody ever spoke', async () => {
  expect(await check()).toEqual({ sources: 0, silent: [] });
  await add('net');
  await speakDaily('net', 1, 10);
  expect((await check()).silent).toEqual(['net']);
  await speak('net', NOW, 0.1, 1);
  expect((await check()).silent).toEqual([]);
});

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enter } from '../../lambdas/adapters/attribution/enter.ts';
import { readMessage } from '../../lambdas/adapters/attribution/read-message.ts';
import { ConditionFailedError } from '../../lambdas/adapters/dynamo-table.ts';
import { ConversionTooLargeError, type KnownConversion } from '../../lambdas/adapters/ledger-store.ts';
import { messageTo, startLedger, type TestLedger } from '../support/ledger.ts';

let account: TestLedger;
beforeAll(async () => {
  account = await startLedger();
  await account.addSource('site', { profile: 'generic' });
});
afterAll(() => account.close());

/** A conversion that was entered, and not yet delivered. */
async function entered(order: string): Promise<KnownConversion> {
  const { ledger, services } = account;
  const read = await readMessage(messageTo('site', { query: `order_id=${order}&amount=5` }), ledger.known, services);
  const [item] = read.items;
  if (item?.outcome !== 'conversion') throw new Error(item?.outcome);
  const { conversion } = await enter(item.conversion, `event-${order}`, read, ledger);
  if (!conversion) throw new Error('nothing was entered');
  return conversion;
}

const all = ({ record }: KnownConversion) => ({
  entries: new Set(record.pending),
  events: new Set(record.events.map(({ id }) => id)),
  version: record.join.version,
});

describe('a conversion in the table', () => {
  it('comes back as it was written, short or long', async () => {
    const { store } = account.ledger;
    const short = await entered('1');
    expect(await store.byId(short.id)).toEqual(short);
    const entries = Array.from({ length: 50 }, () => short.record.entries[0] ?? []).flat();
    const long = await store.save({ ...short.record, entries }, short);
    expect(await store.byId(long.id)).toEqual(long);
    expect(await store.byId(`${long.id}.part`)).toEqual(long);
  });

  it('is written over what was read only', async () => {
    const { store } = account.ledger;
    const stored = await entered('2');
    await store.save(stored.record, stored);
    await expect(store.save(stored.record, stored)).rejects.toThrow(ConditionFailedError);
    await expect(store.fence(stored, 1)).rejects.toThrow(ConditionFailedError);
  });

  it('refuses what no item can hold, and stays as it was', async () => {
    const { store } = account.ledger;
    const stored = await entered('3');
    const noise = { ...stored.record.entries[0], product: randomBytes(300_000).toString('base64') } as never;
    await expect(store.save({ ...stored.record, entries: [noise] }, stored)).rejects.toThrow(ConversionTooLargeError);
    expect(await store.byId(stored.id)).toEqual(stored);
  });

  it('is listed while it has something to deliver, and keeps what came after the delivery began', async () => {
    const { store } = account.ledger;
    const stored = await entered('4');
    const isListed = async () => (await store.pendingSince(account.clock.now, 400)).some(({ id }) => id === stored.id);
    expect(await isListed()).toBe(true);
    const later = { ...stored.record, pending: [...stored.record.pending, 'later'] };
    const written = await store.save(later, stored);
    await store.settle(stored, all(stored));
    expect((await store.byId(stored.id)).record).toMatchObject({ pending: ['later'], events: [] });
    expect(await isListed()).toBe(true);
    await store.settle(written, all(written));
    expect(await isListed()).toBe(false);
  });

  it('still owes entries that were delivered with an older version of its match', async () => {
    const { store } = account.ledger;
    const stored = await entered('5');
    const { join } = stored.record;
    await store.save({ ...stored.record, join: { ...join, version: 2 } }, stored);
    await store.settle(stored, all(stored));
    expect((await store.byId(stored.id)).record?.pending).toEqual(stored.record.pending);
  });
});

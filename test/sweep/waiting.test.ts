import { afterEach, beforeEach, expect, it } from 'vitest';
import { lookAfterWaiting } from '../../lambdas/sweep/waiting.ts';
import { messageTo, NOW, netOf, startLedger, type TestLedger } from '../support/ledger.ts';

const HOUR = 3_600_000;
let account: TestLedger;
beforeEach(async () => {
  account = await startLedger();
  await account.addSource('site', { profile: 'generic' });
});
afterEach(() => account.close());

const look = (isOver = () => false) => lookAfterWaiting(account.ledger, isOver);
const told = (query: string, received_at = account.clock.now) => messageTo('site', { query, received_at });
const refund = (order: string) => told(`order_id=${order}&event=refund&refund_id=r&amount=2`);
const sale = (order: string) => told(`order_id=${order}&txn_id=T-${order}&amount=9`);
const shelf = async (name: 'waiting' | 'quarantine') =>
  (await account.ledger.quarantine.list(name, null, 500)).found.map(({ quarantined_at }) => quarantined_at);
const nets = () => Object.values(netOf(account.streams.rows.conversions));

it('asks again when a refund has waited as long again as at the last try', async () => {
  await account.process(refund('1'));
  account.clock.now += HOUR;
  await look();
  expect(await shelf('waiting')).toEqual([NOW + HOUR]);
  account.clock.now += HOUR / 2;
  await account.process(sale('1'));
  await look();
  expect([await shelf('waiting'), nets()]).toEqual([[NOW + HOUR], [900]]);
  account.clock.now += HOUR / 2;
  await look();
  expect([await shelf('waiting'), nets()]).toEqual([[], [700]]);
});

it('lets the refunds of a paused source wait', async () => {
  await account.process(refund('1'));
  await account.addSource('site', { profile: 'generic', status: 'paused' });
  account.clock.now += HOUR;
  await look();
  expect(await shelf('waiting')).toEqual([NOW]);
  await account.addSource('site', { profile: 'generic' });
  account.clock.now += HOUR;
  await account.process(sale('1'));
  await look();
  expect([await shelf('waiting'), nets()]).toEqual([[], [700]]);
});

it('looks at every page, and at none once its time is over', async () => {
  for (let at = 0; at < 250; at += 50)
    await account.process(...Array.from({ length: 50 }, (_, index) => refund(String(at + index))));
  account.clock.now += HOUR;
  expect(await look(() => true)).toBe(0);
  expect(new Set(await shelf('waiting'))).toEqual(new Set([NOW]));
  await look();
  expect(await shelf('waiting')).toHaveLength(250);
  expect(new Set(await shelf('waiting'))).toEqual(new Set([NOW + HOUR]));
});

it('lists a refund that waits beside an item that is bad, so that mending the one loses neither', async () => {
  const json = [
    { order_id: '1', event: 'refund', refund_id: 'r', amount: '2' },
    { order_id: '2', amount: 'abc' },
  ];
  await account.process(messageTo('site', { json, id: 'both' }));
  const [kept] = (await account.ledger.quarantine.list('quarantine', null, 10)).found;
  expect(kept?.parts.map(({ faults }) => faults[0]?.code)).toEqual(['bad_amount', 'awaiting_sale']);
});

it('says in the events of a source that a refund was given up', async () => {
  await account.process({ ...refund('1'), id: 'lone' });
  account.clock.now += 8 * 24 * HOUR;
  expect(await look()).toBe(1);
  const events = await account.ledger.events.get(['lone_0.0.0']);
  expect(events.get('lone_0.0.0')).toMatchObject({ outcome: 'quarantined', reason: 'sale_never_came' });
});

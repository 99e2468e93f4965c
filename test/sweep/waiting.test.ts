import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedger } from '../../lambdas/adapters/attribution/ledger.ts';
import { replayMessages } from '../../lambdas/adapters/attribution/replay.ts';
import { ledgerKey } from '../../lambdas/contract/keys.ts';
import { createSweep } from '../../lambdas/sweep/handler.ts';
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

it('says of a refund that is delivered or replayed once more that it waits', async () => {
  const back = refund('1');
  expect(await account.process(back)).toEqual(['accepted awaiting_sale']);
  expect(await account.process(back)).toEqual(['accepted awaiting_sale']);
  const [kept] = (await account.ledger.quarantine.list('waiting', null, 10)).found;
  expect(await replayMessages(kept ? [kept] : [], account.ledger)).toMatchObject([
    { status: 'replayed', items: [{ outcome: 'accepted', reason: 'awaiting_sale' }] },
  ]);
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
    await account.process(...Array.from({ length: 50 }, (_, index) => refund(String(1 + at + index))));
  account.clock.now += HOUR;
  expect(await look(() => true)).toBe(0);
  expect(new Set(await shelf('waiting'))).toEqual(new Set([NOW]));
  await look();
  expect(await shelf('waiting')).toHaveLength(250);
  expect(new Set(await shelf('waiting'))).toEqual(new Set([NOW + HOUR]));
});

describe('a refund that waits beside an item that is bad', () => {
  const both = () => {
    const json = [
      { order_id: '1', event: 'refund', refund_id: 'r', amount: '2' },
      { order_id: '2', amount: 'abc' },
    ];
    return messageTo('site', { json, id: 'both' });
  };
  const parts = async (name: 'waiting' | 'quarantine') =>
    (await account.ledger.quarantine.list(name, null, 500)).found.flatMap((one) =>
      one.parts.map(({ part, faults }) => `${part} ${faults.map(({ code }) => code)}`),
    );

  it('waits by itself, and counts when its sale comes, though nobody mends the other', async () => {
    await account.process(both());
    expect(await parts('quarantine')).toEqual(['1.0.0 bad_amount']);
    expect(await parts('waiting')).toEqual(['0.0.0 awaiting_sale']);
    const [kept] = (await account.ledger.quarantine.list('quarantine', null, 10)).found;
    if (kept) await account.ledger.quarantine.dismiss(kept, { at: NOW, token_id: 't', token_name: 'n' });
    await account.process(sale('1'));
    account.clock.now += HOUR;
    await look();
    expect([await parts('waiting'), await parts('quarantine'), nets()]).toEqual([[], [], [700]]);
  });

  it('is listed with the other once it is given up, and both are replayed', async () => {
    await account.process(both());
    account.clock.now += 8 * 24 * HOUR;
    expect(await look()).toBe(1);
    expect(await parts('quarantine')).toEqual(['1.0.0 bad_amount', '0.0.0 sale_never_came']);
    expect(await parts('waiting')).toEqual([]);
    await account.process(sale('1'));
    const kept = (await account.ledger.quarantine.list('quarantine', null, 10)).found;
    expect(await replayMessages(kept, account.ledger)).toMatchObject([
      { status: 'quarantined', reasons: ['bad_amount'] },
    ]);
    expect([await parts('waiting'), await parts('quarantine'), nets()]).toEqual([[], ['1.0.0 bad_amount'], [700]]);
  });

  it('is listed once it is given up, though the other was dismissed, and no longer once it counts', async () => {
    await account.process(both());
    const [kept] = (await account.ledger.quarantine.list('quarantine', null, 10)).found;
    if (kept) await account.ledger.quarantine.dismiss(kept, { at: NOW, token_id: 't', token_name: 'n' });
    account.clock.now += 8 * 24 * HOUR;
    expect(await look()).toBe(1);
    expect(await parts('quarantine')).toEqual(['0.0.0 sale_never_came']);
    await account.process(both());
    expect(await look()).toBe(1);
    expect(await parts('quarantine')).toEqual(['0.0.0 sale_never_came']);
    await account.process(sale('1'));
    const again = (await account.ledger.quarantine.list('quarantine', null, 10)).found;
    await replayMessages(again, account.ledger);
    expect([await parts('waiting'), await parts('quarantine'), nets()]).toEqual([[], [], [700]]);
    expect((await account.ledger.quarantine.get('both'))?.shelf).toBe('dismissed');
  });

  it('is joined by the other once that is mended and waits too', async () => {
    const json = ['1', '2'].map((order_id) => ({
      order_id,
      event: 'refund',
      refund_id: 'r',
      amount: '2',
      currency: order_id === '2' ? '??' : 'USD',
    }));
    await account.process(messageTo('site', { json, id: 'both' }));
    await account.addSource('site', { profile: 'generic', params: { currency: 'none' } });
    const kept = (await account.ledger.quarantine.list('quarantine', null, 10)).found;
    expect(await replayMessages(kept, account.ledger)).toMatchObject([{ status: 'replayed' }]);
    expect(await parts('waiting')).toEqual(['0.0.0 awaiting_sale', '1.0.0 awaiting_sale']);
    await account.process(sale('1'), sale('2'));
    account.clock.now += HOUR;
    await look();
    expect([await parts('waiting'), nets()]).toEqual([[], [700, 700]]);
  });

  it('is listed with the other where it turns out to be bad itself', async () => {
    await account.process(both());
    await account.addSource('site', { profile: 'generic', params: { amount: 'sum' } });
    account.clock.now += HOUR;
    expect(await look()).toBe(0);
    await account.addSource('site', { profile: 'generic', currency: 'JPY' });
    await account.process(messageTo('site', { query: 'order_id=1&txn_id=T-1&amount=9&currency=USD' }));
    await account.addSource('site', { profile: 'generic', currency: 'EUR' });
    account.clock.now += 3 * HOUR;
    expect(await look()).toBe(1);
    expect(await parts('quarantine')).toEqual(['1.0.0 bad_amount', '0.0.0 refund_currency_differs']);
    expect(await parts('waiting')).toEqual([]);
  });
});

it('waits on where the table is busy at its last try', async () => {
  await account.process(refund('1'));
  account.clock.now += 8 * 24 * HOUR;
  const busy = new Proxy(account.ledgerTable, {
    get: (table, name) =>
      name === 'get'
        ? (pk: string) => (pk.startsWith('conv#') ? Promise.reject(new Error('throttled')) : table.get(pk))
        : Reflect.get(table, name).bind(table),
  });
  expect(await lookAfterWaiting(openLedger({ ...account.services, ledgerTable: busy }), () => false)).toBe(0);
  expect([(await shelf('waiting')).length, await shelf('quarantine')]).toEqual([1, []]);
  expect(await look()).toBe(1);
});

it.each(['archived', 'gone', 'another kind'])(
  'gives up what waits where its source is %s, and says why it could not be tried',
  async (how) => {
    await account.process({ ...refund('1'), id: 'lone' });
    if (how === 'gone') await account.ledgerTable.delete(ledgerKey.source('site'));
    else
      await account.addSource(
        'site',
        how === 'archived' ? { profile: 'generic', status: 'archived' } : { profile: 'twilio' },
      );
    account.clock.now += HOUR;
    expect(await look()).toBe(0);
    expect(await shelf('waiting')).toHaveLength(1);
    expect(account.log.filter(({ event }) => event === 'sweep:waiting_failed')).toEqual(
      how === 'archived' ? [] : [{ event: 'sweep:waiting_failed', error: 'MessageUnreadableError' }],
    );
    account.clock.now += 8 * 24 * HOUR;
    expect(await look()).toBe(1);
    expect([await shelf('waiting'), await shelf('quarantine')]).toEqual([[], [account.clock.now]]);
  },
);

it('says in the events of a source that a refund waits, for nothing yet, and that it counted when its sale came', async () => {
  await account.process({ ...refund('1'), id: 'lone' });
  const event = async () => (await account.ledger.events.get(['lone_0.0.0'])).get('lone_0.0.0');
  await createSweep(account.services)({ staleMs: 0 });
  expect(await event()).toMatchObject({
    outcome: 'accepted',
    reason: 'awaiting_sale',
    conversion_id: null,
    event: 'refund',
    order_id: '1',
  });
  await account.process(told('order_id=1&amount=9'));
  account.clock.now += HOUR;
  await look();
  const [row] = account.rows();
  expect(await event()).toMatchObject({ outcome: 'accepted', reason: null, conversion_id: row?.conversion_id });
});

it('says in the events of a source that a refund was given up', async () => {
  await account.process({ ...refund('1'), id: 'lone' });
  account.clock.now += 8 * 24 * HOUR;
  expect(await look()).toBe(1);
  const events = await account.ledger.events.get(['lone_0.0.0']);
  expect(events.get('lone_0.0.0')).toMatchObject({ outcome: 'quarantined', reason: 'sale_never_came' });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSweep } from '../../lambdas/sweep/handler.ts';
import { claimOnly, clickId, messageTo, NOW, netOf, startLedger, type TestLedger } from '../support/ledger.ts';

let account: TestLedger;
let turn = 0;
beforeEach(async () => {
  account = await startLedger();
  await account.addSource('page', { profile: 'generic', pixel: true });
  await account.addSource('server', { profile: 'generic' });
});
afterEach(() => account.close());

const CLICK = clickId(7, 42);
const told = (source: string, query: string) =>
  messageTo(source, { query: `order_id=501&${query}`, received_at: NOW + turn++ });
const pixel = (query: string) => ({ ...told('page', `click_id=${CLICK}&${query}`), pixel: true as const });
const sweep = () => createSweep(account.services)({ staleMs: 0 });
/** `source status net` of each conversion. */
function nets(): string[] {
  const byId = Map.groupBy(account.rows(), ({ conversion_id }) => conversion_id);
  const net = netOf(account.streams.rows.conversions);
  return [...byId].map(([id, rows]) => `${rows[0]?.source_id} ${rows.at(-1)?.status} ${net[`${id} USD`]}`).toSorted();
}

it('gives the order a picture told to the first source that proves itself, with its refunds', async () => {
  expect(await account.process(pixel('amount=80'))).toEqual(['accepted']);
  expect(nets()).toEqual(['page approved 8000']);
  const shop = [told('server', 'amount=79'), told('server', 'event=refund&refund_id=a&amount=9')];
  for (const message of [...shop, ...shop]) await account.process(message);
  expect(await account.process(pixel('amount=80'), pixel('amount=0.01'))).toEqual([
    'duplicate order_of_another_source',
    'duplicate order_of_another_source',
  ]);
  account.clock.now += 1_000;
  await sweep();
  expect(nets()).toEqual(['page rejected 0', 'server approved 7000']);
});

it('counts a picture where nobody else tells the order, and one after a refund that came first', async () => {
  await account.process(told('page', 'event=refund&refund_id=a&amount=9'));
  expect(await account.process(pixel('amount=80'), pixel('amount=80'))).toEqual(['accepted', 'duplicate repeat']);
  expect(nets()).toEqual(['page approved 7100']);
});

it('lets a source that has both keep the order once its server told it', async () => {
  await account.process(pixel('amount=0.01'));
  expect(await account.process(told('page', 'amount=80'))).toEqual(['adjusted amount_changed']);
  expect(await account.process(told('server', 'amount=80'))).toEqual(['duplicate order_of_another_source']);
  expect(nets()).toEqual(['page approved 8000']);
});

it('takes the order over when a worker died between barring the picture and taking its claim', async () => {
  await account.process(pixel('amount=80'));
  const put = account.ledgerTable.put.bind(account.ledgerTable);
  const dying = new Proxy(account.ledgerTable, {
    get: (table, name) =>
      name === 'put'
        ? async (item: { pk: string }, condition?: never) => {
            if (item.pk.startsWith('order#')) throw new Error('died');
            return put(item, condition);
          }
        : Reflect.get(table, name).bind(table),
  });
  const message = told('server', 'amount=79');
  await account.deliver([message], { ledgerTable: dying });
  expect(await account.process(message)).toEqual(['accepted']);
  account.clock.now += 1_000;
  await sweep();
  expect(nets()).toEqual(['page rejected 0', 'server approved 7900']);
});

it('delivers at once what counts no more', async () => {
  await account.process(pixel('amount=80'));
  await account.process(told('server', 'amount=79'));
  expect(nets()).toEqual(['page rejected 0', 'server approved 7900']);
});

it('gives the picture its order back where the other source never told its sale', async () => {
  await account.process(pixel('amount=80'));
  // the worker of the other source dies after its claim and never comes again
  await claimOnly(account, told('server', 'amount=79'));
  expect(await account.process(told('page', 'amount=80'))).toEqual(['adjusted status_changed']);
  account.clock.now += 1_000;
  await sweep();
  expect(nets()).toEqual(['page approved 8000']);
});

it('leaves the order to the source that proved itself while another was about to take it from its picture', async () => {
  await account.process(pixel('amount=80'));
  let isFirst = true;
  const get = account.ledgerTable.get.bind(account.ledgerTable);
  const slow = new Proxy(account.ledgerTable, {
    get: (table, name) =>
      name === 'get'
        ? async (pk: string) => {
            if (isFirst && pk.startsWith('conv#')) {
              isFirst = false;
              await account.process(told('page', 'amount=80'));
            }
            return get(pk);
          }
        : Reflect.get(table, name).bind(table),
  });
  await account.deliver([told('server', 'amount=79')], { ledgerTable: slow });
  account.clock.now += 1_000;
  await sweep();
  expect(isFirst).toBe(false);
  expect(nets()).toEqual(['page approved 8000']);
});

it('takes no order from a picture for a sale that is too old to count', async () => {
  await account.addSource('network', {
    profile: 'everflow',
    currency: 'USD',
    dedupe_group: 'default',
    max_click_age: '1h',
    params: { order_id: 'order_id' },
  });
  await account.process(pixel('amount=80'));
  const old = clickId(7, 42, 1, NOW - 86_400_000);
  const late = messageTo('network', {
    query: `order_id=501&sub1=${old}&tid=t&payout=79&status=approved`,
    received_at: NOW + turn++,
  });
  expect(await account.process(late)).toEqual(['quarantined click_too_old']);
  account.clock.now += 1_000;
  await sweep();
  expect(nets()).toEqual(['page approved 8000']);
});

it.each(['reject', 'update', 'add'])(
  'counts what the server says, not the picture before it: %s',
  async (duplicates) => {
    await account.addSource('page', { profile: 'generic', pixel: true, duplicates });
    const server = told('page', 'amount=80');
    await account.process(pixel('amount=0.01'), server, pixel('amount=0.02'), server);
    expect(nets().filter((net) => net !== 'page rejected 0')).toEqual(['page approved 8000']);
  },
);

it('takes no rebill from a picture', async () => {
  expect(await account.process(pixel('event=rebill&txn_id=r1&amount=5'))).toEqual(['quarantined pixel_rebills']);
  expect(nets()).toEqual([]);
});

it('lets a picture name no transaction of its source as another’s', async () => {
  await account.process(told('server', 'amount=79'), messageTo('page', { query: 'event=sale&txn_id=T&amount=9' }));
  expect(await account.process(pixel('txn_id=T&amount=1'))).toEqual(['duplicate order_of_another_source']);
  await account.process(messageTo('page', { query: 'event=refund&txn_id=T&refund_id=a&amount=4' }));
  expect(nets()).toEqual(['page approved 500', 'server approved 7900']);
});

it('takes nothing back from what a picture told once it counts as another’s', async () => {
  await account.process(pixel('amount=80'));
  await account.process(told('server', 'amount=79'));
  const back = told('page', 'event=refund&refund_id=a&amount=4');
  expect(await account.process(back)).toEqual(['duplicate refund_of_another_source']);
  account.clock.now += 1_000;
  await sweep();
  expect(nets()).toEqual(['page rejected 0', 'server approved 7900']);
});

describe('a picture that ties an order to a transaction it is not of', () => {
  const order = (source: string, id: string, amount: number) =>
    messageTo(source, { query: `order_id=${id}&amount=${amount}`, received_at: NOW + turn++ });
  const forged = () => ({
    ...messageTo('page', { query: `click_id=${CLICK}&txn_id=1001&order_id=1002&amount=1`, received_at: NOW + turn++ }),
    pixel: true as const,
  });

  it.each([
    ['after the sale', () => [order('page', '1001', 50), forged()]],
    ['before the sale', () => [forged(), order('page', '1001', 50)]],
  ])('takes neither from whom it belongs to: %s', async (_, messages) => {
    for (const message of messages()) await account.process(message);
    await account.process(order('server', '1002', 70));
    account.clock.now += 1_000;
    await sweep();
    expect(nets().filter((net) => net !== 'page rejected 0')).toEqual(['page approved 5000', 'server approved 7000']);
  });

  it.each([
    ['after the sale', () => [order('page', '1001', 50), forged()]],
    ['before the sale', () => [forged(), order('page', '1001', 50)]],
  ])('makes no one of two orders of its source: %s', async (_, messages) => {
    for (const message of messages()) await account.process(message);
    await account.process(order('page', '1002', 70));
    account.clock.now += 1_000;
    await sweep();
    expect(nets()).toEqual(['page approved 5000', 'page approved 7000']);
  });

  it('lets no refund of the one order take from the other', async () => {
    for (const message of [order('page', '1001', 50), forged()]) await account.process(message);
    const back = messageTo('page', { query: 'event=refund&order_id=1002&refund_id=r&amount=9' });
    expect(await account.process(back)).toEqual(['accepted refund_exceeds_sale']);
    expect(nets()).toEqual(['page approved 0', 'page approved 5000']);
  });

  it('counts once where its source tells transaction and order apart', async () => {
    for (const message of [forged(), messageTo('page', { query: 'event=sale&txn_id=1001&amount=50' })])
      await account.process(message);
    await account.process(order('page', '1002', 50));
    expect(nets()).toEqual(['page approved 5000']);
  });
});

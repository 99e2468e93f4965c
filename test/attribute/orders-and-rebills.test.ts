import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConditionFailedError } from '../../lambdas/adapters/dynamo-table.ts';
import { ledgerKey } from '../../lambdas/contract/keys.ts';
import type { StoredMessage } from '../../lambdas/core/postback/stored-message.ts';
import { createSweep } from '../../lambdas/sweep/handler.ts';
import {
  claimOnly,
  clickId,
  messageTo,
  NOW,
  netsOf,
  oneByOne,
  startLedger,
  type TestLedger,
} from '../support/ledger.ts';

let account: TestLedger;
let minute: number;
beforeEach(async () => {
  account = await startLedger();
  minute = 0;
  await account.addSource('site', { profile: 'generic', currency: 'USD' });
  await account.addSource('other', { profile: 'generic', currency: 'USD' });
});
afterEach(() => account.close());

const next = () => NOW + 60_000 * minute++;
const sweep = () => createSweep(account.services)();
const process = (...messages: StoredMessage[]) => oneByOne(account, messages);
const nets = () => netsOf(account.rows());

const told = (source: string, query: string) => messageTo(source, { query, received_at: next() });

it('counts every rebill of a subscription’s order, and takes each back by its transaction', async () => {
  const rebill = (txn: number) => told('site', `event=rebill&order_id=sub-1&txn_id=r${txn}&amount=5`);
  await process(rebill(1), rebill(2), rebill(3), rebill(2));
  await process(told('site', 'event=rebill&order_id=sub-1&txn_id=r2&amount=5&refund_id=x'));
  expect(nets()).toEqual(['r1 rebill approved 500', 'r2 rebill approved 0', 'r3 rebill approved 500']);
  const foreign = told('other', 'event=rebill&order_id=sub-1&txn_id=z&amount=5');
  expect(await process(foreign)).toEqual(['duplicate order_of_another_source']);
});

it('takes back a lead, by whatever id and with whatever word', async () => {
  await process(
    told('site', 'event=lead&order_id=L-1&txn_id=T-1&amount=5'),
    told('site', 'event=lead&order_id=L-2&amount=5'),
    told('site', 'event=refund&order_id=L-1&refund_id=a&amount=2'),
    told('site', 'order_id=L-2&refund_id=b&amount=1'),
  );
  expect(nets()).toEqual(['T-1 lead approved 300', 'null lead approved 400']);
});

it('takes back the sale, not the rebill, where an order has both and nothing else is said', async () => {
  await process(
    told('site', 'order_id=S-1&amount=9'),
    told('site', 'event=rebill&order_id=S-1&txn_id=r1&amount=5'),
    told('site', 'event=refund&order_id=S-1&refund_id=a&amount=9'),
  );
  expect(nets()).toEqual(['null sale approved 0', 'r1 rebill approved 500']);
});

it('finds the sale told by order under the transaction a later report named', async () => {
  const [first, second, back] = [
    told('site', 'order_id=A-2&amount=9'),
    told('site', 'order_id=A-2&txn_id=T-2&amount=9'),
    told('site', 'event=refund&txn_id=T-2&refund_id=x&amount=2'),
  ];
  for (const order of [
    [first, second, back],
    [back, first, second],
  ]) {
    await process(...order);
    account.clock.now += 3_600_000;
    await sweep();
    expect(nets()).toEqual([expect.stringMatching(/ sale approved 700$/)]);
  }
});

it('calls a refund of an order that counts for another source a duplicate', async () => {
  const outcomes = await process(
    told('site', 'order_id=D-1&amount=9'),
    told('other', 'order_id=D-1&txn_id=P-1&amount=9'),
    told('other', 'event=refund&txn_id=P-1&refund_id=x&amount=9'),
  );
  expect(outcomes.slice(1)).toEqual(['duplicate order_of_another_source', 'duplicate refund_of_another_source']);
  expect(nets()).toEqual(['null sale approved 900']);
});

it('keeps the order of a rebill whose first one died between claim and sale', async () => {
  const claim = {
    source_id: 'site',
    key: ledgerKey.conversion('site', 'r1', 'rebill'),
    conversion_id: 'cv_r1',
    turn: 1,
  };
  await account.ledgerTable.put({ pk: ledgerKey.order('default', 'sub-1', 'rebill'), ...claim });
  const rebill = (source: string, txn: string) => told(source, `event=rebill&order_id=sub-1&txn_id=${txn}&amount=5`);
  const outcomes = await process(rebill('site', 'r2'), rebill('other', 'z'), rebill('site', 'r1'));
  expect(outcomes).toEqual(['accepted', 'duplicate order_of_another_source', 'accepted']);
  expect(nets()).toEqual(['r1 rebill approved 500', 'r2 rebill approved 500']);
});

it('lets nobody else have it while its rebills overtake one another, and one dies', async () => {
  const rebill = (source: string, txn: string) => told(source, `event=rebill&order_id=sub-1&txn_id=${txn}&amount=5`);
  await claimOnly(account, rebill('site', 'r1'));
  const slow = await account.ledger.store.load(ledgerKey.conversion('site', 'r1', 'rebill'));
  await claimOnly(account, rebill('site', 'r2'));
  await expect(account.ledger.store.touch(slow)).rejects.toThrow(ConditionFailedError);
  const outcomes = await process(rebill('site', 'r1'), rebill('other', 'z'), rebill('site', 'r2'));
  expect(outcomes).toEqual(['accepted', 'duplicate order_of_another_source', 'accepted']);
  expect(nets()).toEqual(['r1 rebill approved 500', 'r2 rebill approved 500']);
});

it('finds at the next sweep the sale of a refund that came first and named the order only', async () => {
  const early = told('site', 'event=refund&order_id=A-1&refund_id=x&amount=2');
  expect(await process(early, told('site', 'order_id=A-1&txn_id=T-1&amount=9'))).toEqual([
    'accepted awaiting_sale',
    'accepted',
  ]);
  expect(nets()).toEqual(['T-1 sale approved 900']);
  account.clock.now += 3_600_000;
  await sweep();
  await sweep();
  expect(nets()).toEqual(['T-1 sale approved 700']);
  expect((await account.ledger.quarantine.list('waiting', null, 10)).found).toEqual([]);
});

describe('a subscription whose sale and rebills share an order', () => {
  const rebilled = () => told('site', 'event=rebill&order_id=SUB-1&txn_id=R-1&amount=20');
  const sold = () => told('site', 'order_id=SUB-1&txn_id=S-1&amount=9');

  it('takes back what the transaction names, not what has its order', async () => {
    const back = () => told('site', 'event=refund&order_id=SUB-1&txn_id=R-1&refund_id=x&amount=20');
    await process(sold(), rebilled(), back(), back());
    expect(nets()).toEqual(['R-1 rebill approved 0', 'S-1 sale approved 900']);
  });

  it('rejects the transaction it names, and lets a rejection wait for one it does not know', async () => {
    const params = { order_id: 'order_id' };
    await account.addSource('tracker', { profile: 'keitaro', currency: 'USD', dedupe_group: 'own', params });
    const tracked = (query: string) => told('tracker', `subid=${clickId(7, 42)}&order_id=SUB-2&${query}`);
    await process(tracked('tid=S-2&payout=9&status=sale'), tracked('tid=R-2&payout=20&status=rebill'));
    await process(tracked('tid=S-2&payout=9&status=rejected'));
    expect(nets()).toEqual(['R-2 rebill approved 2000', 'S-2 sale reversed 0']);
    expect(await process(tracked('tid=R-3&payout=20&status=rejected'))).toEqual(['accepted awaiting_sale']);
    expect(nets()).toEqual(['R-2 rebill approved 2000', 'S-2 sale reversed 0']);
  });
});

describe('an order and a transaction that one report says are the same', () => {
  const both = () => told('site', 'order_id=A-3&txn_id=T-3&amount=9');
  const byTransaction = () => told('site', 'event=sale&txn_id=T-3&amount=9');
  const byOrder = () => told('site', 'order_id=A-3&amount=9');

  it.each([
    ['order, both, transaction', () => [byOrder(), both(), byTransaction()]],
    ['order, transaction, both', () => [byOrder(), byTransaction(), both()]],
    ['transaction, order, both', () => [byTransaction(), byOrder(), both()]],
    ['transaction, both, order', () => [byTransaction(), both(), byOrder()]],
  ])('count once: %s', async (_, messages) => {
    const all = messages();
    await process(...all, ...all);
    account.clock.now += 3_600_000;
    await sweep();
    expect(nets().filter((net) => !net.endsWith(' rejected 0'))).toEqual([
      expect.stringMatching(/ sale approved 900$/),
    ]);
    await process(told('site', 'event=refund&txn_id=T-3&refund_id=x&amount=2'));
    await process(told('site', 'event=sale&txn_id=T-3&status=rejected&amount=9'));
    expect(nets().filter((net) => !net.endsWith(' rejected 0'))).toEqual([expect.stringMatching(/ sale reversed 0$/)]);
  });

  it('keeps what was taken back by the transaction alone', async () => {
    const back = () => told('site', 'event=refund&txn_id=T-3&refund_id=x&amount=2');
    await process(byTransaction(), back(), byOrder(), both());
    account.clock.now += 3_600_000;
    await sweep();
    expect(nets()).toEqual(['T-3 sale approved 700', 'T-3 sale rejected 0']);
  });

  it('reject what counts no more when that is told, and name what it is a duplicate of', async () => {
    await process(byTransaction(), byOrder());
    const late = messageTo('site', { query: 'order_id=A-3&txn_id=T-3&amount=9', received_at: NOW + 60 * 86_400_000 });
    await process(late);
    // at once, not by the next sweep
    expect(nets()).toEqual(['T-3 sale approved 900', 'T-3 sale rejected 0']);
    const rejection = account.rows().find(({ status }) => status === 'rejected');
    expect(rejection).toMatchObject({ occurred_at: late.received_at, received_at: late.received_at, raw_ref: late.id });
    const { record } = await account.ledger.store.byId(rejection?.conversion_id ?? '');
    const counted = account.rows().find(({ conversion_id }) => conversion_id !== rejection?.conversion_id);
    expect(record?.state.duplicate_of).toBe(counted?.conversion_id);
  });

  it('count for whom the transaction alone named', async () => {
    const clicked = told('site', `event=sale&txn_id=T-3&amount=9&click_id=${clickId(7, 42)}`);
    await process(clicked, byOrder(), both());
    const counted = account.rows().filter(({ order_id }) => order_id === 'A-3');
    expect(counted).toMatchObject([{ match: 'click_id', subscriber_no: 42, revenue_minor: 900 }]);
  });

  it('cost no more at each repeat than to look', async () => {
    await process(byTransaction(), byOrder(), both());
    const calls: string[] = [];
    const noting = new Proxy(account.ledgerTable, {
      get:
        (table, name) =>
        (...args: unknown[]) => {
          calls.push(String(name));
          return Reflect.get(table, name).apply(table, args);
        },
    });
    await account.deliver([both()], { ledgerTable: noting });
    expect(calls.filter((name) => name === 'put' || name === 'update')).toHaveLength(2);
  });

  it('count once where the one who has the order has not written it yet, and another takes it', async () => {
    const [byOrderFirst, bothNext, alone, foreign] = [
      byOrder(),
      both(),
      byTransaction(),
      told('other', 'order_id=A-3&amount=9'),
    ];
    const put = account.ledgerTable.put.bind(account.ledgerTable);
    const gate = Promise.withResolvers<void>();
    const waiting = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let held = 0;
    const slow = new Proxy(account.ledgerTable, {
      get: (table, name) =>
        name === 'put'
          ? async (...[item, condition]: Parameters<typeof put>) => {
              if (item.pk.startsWith('conv#') && item.body && held < waiting.length) {
                waiting[held++]?.resolve();
                await gate.promise;
              }
              return put(item, condition);
            }
          : Reflect.get(table, name).bind(table),
    });
    const first = account.deliver([byOrderFirst], { ledgerTable: slow });
    await waiting[0]?.promise;
    const second = account.deliver([bothNext], { ledgerTable: slow });
    await waiting[1]?.promise;
    await process(foreign, alone);
    gate.resolve();
    await Promise.all([first, second]);
    await process(byOrderFirst, bothNext, alone, foreign);
    account.clock.now += 3_600_000;
    await sweep();
    expect(nets().filter((net) => !net.endsWith(' rejected 0'))).toEqual(['null sale approved 900']);
  });
});

it('takes a refund from what it was about, whatever comes to bear the same name later', async () => {
  const [lead, back, sale] = [
    told('site', 'event=lead&txn_id=T-4&amount=5'),
    told('site', 'event=refund&txn_id=T-4&refund_id=x&amount=2'),
    told('site', 'event=sale&txn_id=T-4&amount=9'),
  ];
  await process(back, lead);
  account.clock.now += 3_600_000;
  await sweep();
  expect(nets()).toEqual(['T-4 lead approved 300']);
  await process(sale, back, told('site', 'event=refund&txn_id=T-4&refund_id=x&amount=3'));
  await sweep();
  expect(nets()).toEqual(['T-4 lead approved 200', 'T-4 sale approved 900']);
});

describe('a transaction of which several orders are told', () => {
  const [one, other] = [
    () => told('site', 'txn_id=T-5&order_id=A-5&amount=5'),
    () => told('site', 'txn_id=T-5&order_id=B-5&amount=7'),
  ];

  it('keeps each order, however often they are told', async () => {
    await process(told('site', 'order_id=B-5&amount=7'));
    const [first, second] = [one(), other()];
    const counts = [];
    for (let turn = 0; turn < 3; turn++) {
      await process(first, second);
      account.clock.now += 3_600_000;
      await sweep();
      counts.push([account.rows().length, ...nets()]);
    }
    expect(counts).toEqual(Array.from({ length: 3 }, () => [2, 'T-5 sale approved 500', 'T-5 sale approved 700']));
  });

  it('is no other order’s number', async () => {
    await process(told('site', 'order_id=3&amount=30'), told('site', 'order_id=7&amount=70'));
    await process(told('site', 'order_id=7&txn_id=3&amount=70'));
    expect(nets()).toEqual(['3 sale approved 7000', 'null sale approved 3000']);
  });
});

describe('numbers that orders and transactions share', () => {
  const own = () => [
    told('site', 'order_id=3&txn_id=100&amount=30'),
    told('site', 'order_id=9&txn_id=3&amount=90'),
    told('site', 'event=sale&txn_id=9&amount=70'),
    told('site', 'event=sale&order_id=100&amount=10'),
  ];

  it('are different sales', async () => {
    await process(...own(), ...own());
    expect(nets()).toEqual([
      '100 sale approved 3000',
      '3 sale approved 9000',
      '9 sale approved 7000',
      'null sale approved 1000',
    ]);
  });

  it.each([
    ['order_id=3', '100 sale approved 2900'],
    ['txn_id=3', '3 sale approved 8900'],
    ['order_id=9', '3 sale approved 8900'],
    ['txn_id=9', '9 sale approved 6900'],
    ['order_id=9&txn_id=3', '3 sale approved 8900'],
  ])('are taken back by what they are called: %s', async (names, net) => {
    await process(
      ...own(),
      told('site', `event=refund&${names}&refund_id=x&amount=1`),
      told('site', `event=sale&${names}&refund_id=x&amount=1`),
    );
    expect(nets()).toContain(net);
    expect(nets().filter((one) => one.endsWith('900'))).toEqual([net]);
  });
});

describe('a refund', () => {
  it('that names the order is taken once, though a lead of that order comes later', async () => {
    const back = told('site', 'event=refund&order_id=O-8&refund_id=x&amount=2');
    await process(told('site', 'order_id=O-8&txn_id=T-8&amount=9'), back);
    await process(told('site', 'event=lead&order_id=O-8&amount=5'), back);
    expect(nets()).toEqual(['T-8 sale approved 700', 'null lead approved 500']);
  });

  it('is taken once where its sale comes while a lead was about to be found', async () => {
    const back = told('site', 'event=refund&txn_id=T-9&refund_id=x&amount=2');
    await process(back, told('site', 'event=lead&txn_id=T-9&amount=5'));
    let isFirst = true;
    const get = account.ledgerTable.get.bind(account.ledgerTable);
    let reads = 0;
    const slow = new Proxy(account.ledgerTable, {
      get: (table, name) =>
        name === 'get'
          ? async (pk: string) => {
              // the reads of all five events are done: the sale comes before what waits is looked at once more
              if (pk.startsWith('conv#') && ++reads > 5 && isFirst) {
                isFirst = false;
                await process(told('site', 'event=sale&txn_id=T-9&amount=9'));
              }
              return get(pk);
            }
          : Reflect.get(table, name).bind(table),
    });
    await account.deliver([back], { ledgerTable: slow });
    expect(isFirst).toBe(false);
    expect(nets()).toEqual(['T-9 lead approved 500', 'T-9 sale approved 700']);
  });

  it('is taken once, and never from two orders that one transaction is told with', async () => {
    const back = told('site', 'event=refund&txn_id=T-6&refund_id=x&amount=2');
    await process(told('site', 'order_id=A-6&amount=5'), told('site', 'order_id=B-6&amount=7'));
    await process(told('site', 'order_id=A-6&txn_id=T-6&amount=5'), back);
    await process(
      told('site', 'order_id=B-6&txn_id=T-6&amount=7'),
      back,
      told('site', 'event=sale&txn_id=T-6&amount=5'),
    );
    expect(nets()).toEqual(['T-6 sale approved 300', 'T-6 sale approved 700']);
  });

  it('finds the event that is its source’s own, whatever else of the transaction counts for another', async () => {
    await process(
      told('other', 'event=lead&order_id=A-7&amount=1'),
      told('site', 'event=sale&order_id=A-7&amount=9'),
      told('site', 'event=sale&order_id=A-7&txn_id=T-7&amount=9'),
      told('site', 'event=lead&order_id=A-7&txn_id=T-7&amount=1'),
    );
    expect(await process(told('site', 'event=refund&txn_id=T-7&refund_id=x&amount=2'))).toEqual(['accepted']);
    expect(nets()).toEqual(['T-7 sale approved 700', 'null lead approved 100']);
  });

  it('stays with what it was taken from, though that is worth nothing now', async () => {
    const back = told('site', 'event=refund&txn_id=T-5&refund_id=x&amount=2');
    await process(told('site', 'event=lead&txn_id=T-5&amount=5'), back, told('site', 'event=lead&txn_id=T-5&amount=0'));
    await process(
      back,
      told('site', 'event=sale&txn_id=T-5&amount=9'),
      told('site', 'event=lead&txn_id=T-5&amount=5.50'),
    );
    account.clock.now += 3_600_000;
    await sweep();
    expect(nets()).toEqual(['T-5 lead approved 350', 'T-5 sale approved 900']);
  });

  it('gives the conversion none of its own numbers', async () => {
    await process(told('site', 'event=sale&txn_id=T-4&amount=9'));
    await process(told('site', 'event=refund&txn_id=T-4&order_id=DOC-1&refund_id=x&amount=2'));
    expect(new Set(account.rows().map(({ order_id }) => order_id))).toEqual(new Set([null]));
  });

  it('takes from the very transaction it names, whoever has the order it names too', async () => {
    await process(
      told('site', 'order_id=O-6&txn_id=S-6&amount=9'),
      told('site', 'event=sale&txn_id=T-6&amount=20'),
      told('site', 'event=refund&order_id=O-6&txn_id=T-6&refund_id=x&amount=20'),
      told('site', 'event=sale&order_id=O-6&txn_id=T-6&refund_id=x&amount=20'),
    );
    expect(nets()).toEqual(['S-6 sale approved 900', 'T-6 sale approved 0']);
  });

  it.each(['event=lead&txn_id=T-7', 'event=rebill&txn_id=T-7&amount=0'])(
    'takes nothing from what is worth nothing, but from the sale that comes: %s',
    async (worthless) => {
      const back = told('site', 'event=refund&txn_id=T-7&refund_id=x&amount=9');
      await process(told('site', worthless), back, told('site', 'event=sale&txn_id=T-7&amount=9'), back);
      account.clock.now += 3_600_000;
      await sweep();
      expect(nets().filter((net) => net.includes(' sale '))).toEqual(['T-7 sale approved 0']);
    },
  );

  it('of a sale that counts for another source takes nothing from a lead of one’s own', async () => {
    await process(
      told('other', 'order_id=A-8&amount=50'),
      told('site', 'event=lead&txn_id=T-8&order_id=A-8&amount=5'),
      told('site', 'event=sale&txn_id=T-8&order_id=A-8&amount=50'),
    );
    const back = told('site', 'event=refund&txn_id=T-8&refund_id=x&amount=50');
    expect(await process(back)).toEqual(['duplicate refund_of_another_source']);
    expect(nets()).toEqual(['T-8 lead approved 500', 'null sale approved 5000']);
  });
});

it('lets nothing give way to what is full', async () => {
  await process(told('site', 'event=sale&order_id=A-10&amount=9'), told('site', 'event=sale&txn_id=T-10&amount=9'));
  await process(told('site', 'event=refund&txn_id=T-10&refund_id=x&amount=2'));
  const { store } = account.ledger;
  const order = await store.load(ledgerKey.conversion('site', 'order=A-10', 'sale'));
  if (!order.record) throw new Error('no order');
  const [fact] = order.record.state.facts;
  if (!fact) throw new Error('no fact');
  const facts = Array.from({ length: 300 }, (_, at) => ({ ...fact, print: `${at}` }));
  await store.save({ ...order.record, state: { ...order.record.state, facts } }, order);
  const both = told('site', 'event=sale&order_id=A-10&txn_id=T-10&amount=8');
  expect(await process(both)).toEqual(['quarantined too_many_changes']);
  expect(nets()).toContain('T-10 sale approved 700');
});

it('lets no report give way that is refused itself', async () => {
  await account.addSource('network', {
    profile: 'everflow',
    currency: 'USD',
    dedupe_group: 'default',
    max_click_age: '1d',
  });
  const [fresh, old] = [clickId(7, 42), clickId(7, 42, 1, NOW - 3 * 86_400_000)];
  await claimOnly(account, told('network', `order_id=A-9&sub1=${fresh}&payout=5&status=approved`));
  const outcomes = await process(
    told('network', `transaction_id=T-9&sub1=${fresh}&payout=5&status=approved`),
    told('network', `transaction_id=T-9&order_id=A-9&sub1=${old}&payout=5&status=approved`),
  );
  expect(outcomes).toEqual(['accepted', 'quarantined click_too_old']);
  account.clock.now += 3_600_000;
  await sweep();
  expect(nets()).toEqual(['T-9 sale approved 500']);
});

import { describe, expect, it } from 'vitest';
import { ledgerKey } from '../../lambdas/contract/keys.ts';
import { claimOnly, clickId, messageTo, NOW } from '../support/ledger.ts';
import { minutely } from '../support/minutely.ts';

const { account, later, nets, process, told } = minutely(async (account) => {
  await account.addSource('site', { profile: 'generic', currency: 'USD' });
  await account.addSource('other', { profile: 'generic', currency: 'USD' });
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
    await later();
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
    await later();
    expect(nets()).toEqual(['T-3 sale approved 700', 'T-3 sale rejected 0']);
  });

  it('reject what counts no more when that is told, and name what it is a duplicate of', async () => {
    await process(byTransaction(), byOrder());
    const late = messageTo('site', { query: 'order_id=A-3&txn_id=T-3&amount=9', received_at: NOW + 60 * 86_400_000 });
    await process(late);
    // at once, not by the next sweep
    expect(nets()).toEqual(['T-3 sale approved 900', 'T-3 sale rejected 0']);
    const rejection = account()
      .rows()
      .find(({ status }) => status === 'rejected');
    expect(rejection).toMatchObject({ occurred_at: late.received_at, received_at: late.received_at, raw_ref: late.id });
    const { record } = await account().ledger.store.byId(rejection?.conversion_id ?? '');
    const counted = account()
      .rows()
      .find(({ conversion_id }) => conversion_id !== rejection?.conversion_id);
    expect(record?.state.duplicate_of).toBe(counted?.conversion_id);
  });

  it('count for whom the transaction alone named', async () => {
    const clicked = told('site', `event=sale&txn_id=T-3&amount=9&click_id=${clickId(7, 42)}`);
    await process(clicked, byOrder(), both());
    const counted = account()
      .rows()
      .filter(({ order_id }) => order_id === 'A-3');
    expect(counted).toMatchObject([{ match: 'click_id', subscriber_no: 42, revenue_minor: 900 }]);
  });

  it('cost no more at each repeat than to look', async () => {
    await process(byTransaction(), byOrder(), both());
    const calls: string[] = [];
    const noting = new Proxy(account().ledgerTable, {
      get:
        (table, name) =>
        (...args: unknown[]) => {
          calls.push(String(name));
          return Reflect.get(table, name).apply(table, args);
        },
    });
    await account().deliver([both()], { ledgerTable: noting });
    expect(calls.filter((name) => name === 'put' || name === 'update')).toHaveLength(2);
  });

  it('count once where the one who has the order has not written it yet, and another takes it', async () => {
    const [byOrderFirst, bothNext, alone, foreign] = [
      byOrder(),
      both(),
      byTransaction(),
      told('other', 'order_id=A-3&amount=9'),
    ];
    const put = account().ledgerTable.put.bind(account().ledgerTable);
    const gate = Promise.withResolvers<void>();
    const waiting = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let held = 0;
    const slow = new Proxy(account().ledgerTable, {
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
    const first = account().deliver([byOrderFirst], { ledgerTable: slow });
    await waiting[0]?.promise;
    const second = account().deliver([bothNext], { ledgerTable: slow });
    await waiting[1]?.promise;
    await process(foreign, alone);
    gate.resolve();
    await Promise.all([first, second]);
    await process(byOrderFirst, bothNext, alone, foreign);
    await later();
    expect(nets().filter((net) => !net.endsWith(' rejected 0'))).toEqual(['null sale approved 900']);
  });
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
      await later();
      counts.push([account().rows().length, ...nets()]);
    }
    expect(counts).toEqual(Array.from({ length: 3 }, () => [2, 'T-5 sale approved 500', 'T-5 sale approved 700']));
  });

  it('is no other order’s number', async () => {
    await process(told('site', 'order_id=3&amount=30'), told('site', 'order_id=7&amount=70'));
    await process(told('site', 'order_id=7&txn_id=3&amount=70'));
    expect(nets()).toEqual(['3 sale approved 7000', 'null sale approved 3000']);
  });
});

it('lets nothing give way to what is full', async () => {
  await process(told('site', 'event=sale&order_id=A-10&amount=9'), told('site', 'event=sale&txn_id=T-10&amount=9'));
  await process(told('site', 'event=refund&txn_id=T-10&refund_id=x&amount=2'));
  const { store } = account().ledger;
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
  await account().addSource('network', {
    profile: 'everflow',
    currency: 'USD',
    dedupe_group: 'default',
    max_click_age: '1d',
  });
  const [fresh, old] = [clickId(7, 42), clickId(7, 42, 1, NOW - 3 * 86_400_000)];
  await claimOnly(account(), told('network', `order_id=A-9&sub1=${fresh}&payout=5&status=approved`));
  const outcomes = await process(
    told('network', `transaction_id=T-9&sub1=${fresh}&payout=5&status=approved`),
    told('network', `transaction_id=T-9&order_id=A-9&sub1=${old}&payout=5&status=approved`),
  );
  expect(outcomes).toEqual(['accepted', 'quarantined click_too_old']);
  await later();
  expect(nets()).toEqual(['T-9 sale approved 500']);
});

import { describe, expect, it } from 'vitest';
import { minutely } from '../support/minutely.ts';

const { account, later, nets, process, sweep, told } = minutely(async (account) => {
  await account.addSource('site', { profile: 'generic', currency: 'USD' });
  await account.addSource('other', { profile: 'generic', currency: 'USD' });
});

it('takes a refund from what it was about, whatever comes to bear the same name later', async () => {
  const [lead, back, sale] = [
    told('site', 'event=lead&txn_id=T-4&amount=5'),
    told('site', 'event=refund&txn_id=T-4&refund_id=x&amount=2'),
    told('site', 'event=sale&txn_id=T-4&amount=9'),
  ];
  await process(back, lead);
  await later();
  expect(nets()).toEqual(['T-4 lead approved 300']);
  await process(sale, back, told('site', 'event=refund&txn_id=T-4&refund_id=x&amount=3'));
  await sweep();
  expect(nets()).toEqual(['T-4 lead approved 200', 'T-4 sale approved 900']);
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
    const get = account().ledgerTable.get.bind(account().ledgerTable);
    let reads = 0;
    const slow = new Proxy(account().ledgerTable, {
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
    await account().deliver([back], { ledgerTable: slow });
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
    await later();
    expect(nets()).toEqual(['T-5 lead approved 350', 'T-5 sale approved 900']);
  });

  it('gives the conversion none of its own numbers', async () => {
    await process(told('site', 'event=sale&txn_id=T-4&amount=9'));
    await process(told('site', 'event=refund&txn_id=T-4&order_id=DOC-1&refund_id=x&amount=2'));
    expect(
      new Set(
        account()
          .rows()
          .map(({ order_id }) => order_id),
      ),
    ).toEqual(new Set([null]));
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
      await later();
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

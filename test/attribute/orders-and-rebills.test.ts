import { describe, expect, it } from 'vitest';
import { ConditionFailedError } from '../../lambdas/adapters/dynamo-table.ts';
import { ledgerKey } from '../../lambdas/contract/keys.ts';
import { claimOnly, clickId } from '../support/ledger.ts';
import { minutely } from '../support/minutely.ts';

const { account, later, nets, process, sweep, told } = minutely(async (account) => {
  await account.addSource('site', { profile: 'generic', currency: 'USD' });
  await account.addSource('other', { profile: 'generic', currency: 'USD' });
});

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
    await later();
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
  await account().ledgerTable.put({ pk: ledgerKey.order('default', 'sub-1', 'rebill'), ...claim });
  const rebill = (source: string, txn: string) => told(source, `event=rebill&order_id=sub-1&txn_id=${txn}&amount=5`);
  const outcomes = await process(rebill('site', 'r2'), rebill('other', 'z'), rebill('site', 'r1'));
  expect(outcomes).toEqual(['accepted', 'duplicate order_of_another_source', 'accepted']);
  expect(nets()).toEqual(['r1 rebill approved 500', 'r2 rebill approved 500']);
});

it('lets nobody else have it while its rebills overtake one another, and one dies', async () => {
  const rebill = (source: string, txn: string) => told(source, `event=rebill&order_id=sub-1&txn_id=${txn}&amount=5`);
  await claimOnly(account(), rebill('site', 'r1'));
  const slow = await account().ledger.store.load(ledgerKey.conversion('site', 'r1', 'rebill'));
  await claimOnly(account(), rebill('site', 'r2'));
  await expect(account().ledger.store.touch(slow)).rejects.toThrow(ConditionFailedError);
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
  await later();
  await sweep();
  expect(nets()).toEqual(['T-1 sale approved 700']);
  expect((await account().ledger.quarantine.list('waiting', null, 10)).found).toEqual([]);
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
    await account().addSource('tracker', { profile: 'keitaro', currency: 'USD', dedupe_group: 'own', params });
    const tracked = (query: string) => told('tracker', `subid=${clickId(7, 42)}&order_id=SUB-2&${query}`);
    await process(tracked('tid=S-2&payout=9&status=sale'), tracked('tid=R-2&payout=20&status=rebill'));
    await process(tracked('tid=S-2&payout=9&status=rejected'));
    expect(nets()).toEqual(['R-2 rebill approved 2000', 'S-2 sale reversed 0']);
    expect(await process(tracked('tid=R-3&payout=20&status=rejected'))).toEqual(['accepted awaiting_sale']);
    expect(nets()).toEqual(['R-2 rebill approved 2000', 'S-2 sale reversed 0']);
  });
});

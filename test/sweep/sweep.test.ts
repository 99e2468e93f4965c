import { afterEach, beforeEach, expect, it } from 'vitest';
import { replayMessages } from '../../lambdas/adapters/attribution/replay.ts';
import { StreamBusyError } from '../../lambdas/adapters/event-streams.ts';
import { SubscriberDirectory } from '../../lambdas/adapters/subscriber-directory.ts';
import { createSweep } from '../../lambdas/sweep/handler.ts';
import { WAIT_DAYS } from '../../lambdas/sweep/waiting.ts';
import { allOf, clickId, emailHash, messageTo, NOW, startLedger, type TestLedger } from '../support/ledger.ts';

const DAY = 86_400_000;
let account: TestLedger;
beforeEach(async () => {
  account = await startLedger();
  await account.addSource('net', { profile: 'everflow' });
  await account.addSource('site', { profile: 'generic' });
});
afterEach(() => account.close());

const sweep = () => createSweep(account.services)();
const listed = async (shelf: 'quarantine' | 'waiting') => (await account.ledger.quarantine.list(shelf, null, 10)).found;
const broken = { put: () => Promise.reject(new StreamBusyError('full')) };

it('delivers what a worker could not, once the stream takes it again', async () => {
  const message = messageTo('net', { query: `click_id=${clickId(7, 42)}&txn_id=1&payout=5`, id: 'm' });
  expect(await account.deliver([message], { streams: broken })).toEqual({ batchItemFailures: [] });
  expect(account.rows()).toEqual([]);
  expect(account.log).toContainEqual({ event: 'ledger:delivery_late', error: 'ServiceUnavailableException' });
  expect(await sweep()).toMatchObject({ delivered: 0 });
  account.clock.now += 3 * 60_000;
  await expect(createSweep({ ...account.services, streams: broken })()).rejects.toThrow('full');
  expect(await sweep()).toMatchObject({ delivered: 1 });
  expect(account.rows()).toMatchObject([{ revenue_minor: 500 }]);
  expect(await account.ledgerTable.get('event#m_0.0.0')).toMatchObject({ outcome: 'accepted' });
  expect(await sweep()).toMatchObject({ delivered: 0 });
});

it('gives up a refund whose sale never came, and lets one go whose sale came', async () => {
  const refund = (order: string) =>
    messageTo('site', { query: `order_id=${order}&amount=4&event=refund&refund_id=r`, id: `refund-${order}` });
  await account.process(refund('1'), refund('2'));
  account.clock.now += DAY;
  await account.process(messageTo('site', { query: 'order_id=2&amount=9', received_at: NOW + DAY }));
  expect(account.rows().map(({ revenue_minor }) => revenue_minor)).toEqual([900, -400]);
  expect(await sweep()).toMatchObject({ quarantined: 0 });
  account.clock.now += WAIT_DAYS * DAY;
  expect(await sweep()).toMatchObject({ quarantined: 1 });
  expect(await listed('quarantine')).toMatchObject([
    { id: 'refund-1', parts: [{ part: '0.0.0', faults: [{ code: 'sale_never_came' }] }] },
  ]);
  expect(await listed('waiting')).toEqual([]);
});

it('tells a refund that came before a sale in another currency, which it cannot take back', async () => {
  const order = (id: string, query: string, received_at: number) =>
    messageTo('site', { query: `order_id=1&${query}`, id, received_at });
  await account.process(order('euros', 'amount=4&currency=EUR&event=refund&refund_id=r', NOW));
  await account.process(order('dollars', 'amount=3&currency=USD&event=refund&refund_id=s', NOW + 1));
  account.clock.now += DAY;
  await account.process(order('sale', 'amount=9&currency=USD', NOW + DAY));
  expect(account.rows().map(({ revenue_minor, currency }) => [revenue_minor, currency])).toEqual([
    [900, 'USD'],
    [-300, 'USD'],
  ]);
  // as soon as its sale is there; replayed as it is, it comes to the same
  expect(await sweep()).toMatchObject({ quarantined: 1 });
  const euros = await listed('quarantine');
  expect(await replayMessages(euros, account.ledger)).toMatchObject([{ reasons: ['refund_currency_differs'] }]);
  expect(await account.ledger.events.get(['euros_0.0.0'])).toEqual(
    new Map([['euros_0.0.0', expect.objectContaining({ outcome: 'quarantined', reason: 'refund_currency_differs' })]]),
  );
  expect(await listed('quarantine')).toMatchObject([
    { id: 'euros', parts: [{ part: '0.0.0', faults: [{ code: 'refund_currency_differs' }] }] },
  ]);
  expect(await listed('waiting')).toEqual([]);
});

it('matches what waited for the people of a list, even where the mint died on the way', async () => {
  await account.process(
    messageTo('site', { query: 'order_id=1&amount=9&email=carol@example.com' }),
    messageTo('site', { query: 'order_id=2&amount=9&subscriber_id=dan' }),
  );
  const { ledgerTable, clock, ledger } = account;
  const directory = new SubscriberDirectory({
    table: ledgerTable,
    now: () => clock.now,
    sleep: async () => undefined,
    randomBytes: (size) => Buffer.alloc(size, 7),
    announce: (ids, marks) => ledger.announce(ids, marks),
  });
  await directory.enrol([{ id: 'carol', identities: { email: emailHash('carol@example.com') } }], NOW + 60_000);
  await directory.enrol([{ id: 'dan', identities: {} }], NOW + 60_000);
  clock.now += 2 * 60_000;
  expect(await sweep()).toMatchObject({ matched: 2 });
  expect(account.rows().map(({ subscriber_id, match, version }) => [subscriber_id, match, version])).toEqual([
    ['carol', 'identity', 2],
    ['dan', 'identity', 2],
  ]);
  expect(await sweep()).toMatchObject({ matched: 0 });
  await directory.enrol([{ id: 'dan', identities: {} }], NOW + 60 * 60_000);
  expect(await allOf(ledger.jobs.before(clock.now))).toEqual([]);
});

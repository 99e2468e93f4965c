import { afterEach, beforeEach, expect, it } from 'vitest';
import { clickId, messageTo, NOW, startLedger, type TestLedger } from '../support/ledger.ts';

let account: TestLedger;
beforeEach(async () => {
  account = await startLedger();
  await account.addSource('net', { profile: 'everflow' });
  await account.addSource('shop', { profile: 'shopify', currency: 'USD' });
  await account.addLink(7, { campaign_id: 'summer', message_id: 'm-1', creative: 'v2', offer_id: 'shoes' });
  await account.addSubscriber('anna', 42);
});
afterEach(() => account.close());

const CLICK = clickId(7, 42);
const GOOD = `click_id=${CLICK}&txn_id=1&payout=2.50`;

it('takes a postback from the queue into the lake, with everything its click tells', async () => {
  const message = messageTo('net', { query: GOOD });
  expect(await account.deliver([message])).toEqual({ batchItemFailures: [] });
  expect(account.streams.rows.conversions).toMatchObject([
    {
      entry: 'sale',
      status: 'approved',
      revenue_minor: 250,
      payout_minor: 250,
      currency: 'USD',
      exponent: 2,
      match: 'click_id',
      match_conflict: false,
      click_id: CLICK,
      clicked_at: NOW - 3_600_000,
      link_no: 7,
      subscriber_no: 42,
      subscriber_id: 'anna',
      campaign_id: 'summer',
      message_id: 'm-1',
      creative: 'v2',
      offer_id: 'shoes',
      network: 'everflow',
      origin: 'postback',
      raw_ref: message.id,
      version: 1,
    },
  ]);
  const [row] = account.rows();
  const stored = await account.ledger.store.byId(row?.conversion_id ?? '');
  expect(stored.record).toMatchObject({ pending: [], events: [] });
});

it('enters a repeat once, a change as its difference, and lists what became of each', async () => {
  const messages = [GOOD, GOOD, GOOD.replace('2.50', '4.00'), `${GOOD}&event=mystery`].map((query, at) =>
    messageTo('net', { query, id: `m${at}`, received_at: NOW + at }),
  );
  for (const message of messages) await account.deliver([message]);
  expect(account.rows().map(({ entry, revenue_minor }) => [entry, revenue_minor])).toEqual([
    ['sale', 250],
    ['correction', 150],
  ]);
  const events = await account.ledger.events.before('net', { received_at: NOW + 10, id: '' }, 10, NOW);
  expect(events.map(({ id, outcome, reason }) => [id, outcome, reason])).toEqual([
    ['m3_0.0.0', 'quarantined', 'unknown_event'],
    ['m2_0.0.0', 'adjusted', 'amount_changed'],
    ['m1_0.0.0', 'duplicate', 'repeat'],
    ['m0_0.0.0', 'accepted', null],
  ]);
});

it('dates a conversion by its first report, though that is processed after the second', async () => {
  const first = messageTo('net', { query: `${GOOD}&status=pending` });
  const second = messageTo('net', { query: `${GOOD}&status=approved`, received_at: NOW + 60_000 });
  await account.deliver([second]);
  expect(account.rows()).toMatchObject([{ converted_at: NOW + 60_000, version: 1 }]);
  await account.deliver([first]);
  expect(account.rows()).toMatchObject([{ entry: 'sale', status: 'approved', converted_at: NOW, version: 2 }]);
  const told = account.streams.rows.conversions.length;
  await account.deliver([first, second]);
  expect(account.streams.rows.conversions).toHaveLength(told);
});

it('gives back what was rejected once the network approves it again', async () => {
  const said = ['approved', 'rejected', 'approved'].map((status, at) =>
    messageTo('net', { query: `${GOOD}&status=${status}`, received_at: NOW + at }),
  );
  for (const message of [...said, ...said]) await account.deliver([message]);
  expect(account.rows().map(({ entry, status, revenue_minor }) => [entry, status, revenue_minor])).toEqual([
    ['sale', 'approved', 250],
    ['status', 'reversed', -250],
    ['status', 'approved', 250],
  ]);
});

it('takes one write for a repeat, and none for what is delivered again', async () => {
  const [first, repeat] = [NOW, NOW + 1].map((received_at) => messageTo('net', { query: GOOD, received_at }));
  if (!first || !repeat) throw new Error('no messages');
  await account.deliver([first]);
  const id = account.rows()[0]?.conversion_id ?? '';
  const revision = async () => (await account.ledger.store.byId(id)).revision;
  const before = await revision();
  await account.deliver([first]);
  expect(await revision()).toBe(before);
  await account.deliver([repeat]);
  await account.deliver([repeat]);
  expect(await revision()).toBe(before + 1);
});

it('says the same of a message however often it is delivered', async () => {
  const message = messageTo('net', { query: GOOD, id: 'once' });
  for (let turn = 0; turn < 3; turn++) await account.deliver([message]);
  const events = await account.ledger.events.before('net', { received_at: NOW + 10, id: '' }, 10, NOW);
  expect(events.map(({ outcome }) => outcome)).toEqual(['accepted']);
  expect(account.streams.rows.conversions).toHaveLength(1);
});

it('reads a large body from its object, and names the message where that is gone', async () => {
  account.blobs.set('bodies/1', Buffer.from(JSON.stringify({ click_id: CLICK, txn_id: 5, payout: 1 })));
  const there = messageTo('net', { body_ref: 'bodies/1', content_type: 'application/json' });
  const gone = messageTo('net', { body_ref: 'bodies/2', content_type: 'application/json', id: 'gone' });
  expect(await account.deliver([there, gone])).toEqual({ batchItemFailures: [{ itemIdentifier: 'sqs-gone' }] });
  expect(account.rows()).toHaveLength(1);
});

it('takes many conversions of a request, one bad one among them', async () => {
  const json = Array.from({ length: 60 }, (_, at) => ({
    click_id: CLICK,
    txn_id: `t${at}`,
    payout: at === 7 ? 'x' : 1,
  }));
  await account.deliver([messageTo('net', { json, id: 'many' })]);
  expect(account.rows()).toHaveLength(59);
  expect(await account.ledger.quarantine.get('many')).toMatchObject({
    source_id: 'net',
    parts: [{ part: '7.0.0', faults: [{ code: 'bad_amount', parameter: 'payout' }] }],
  });
});

it('lets other messages through where one of an unknown source or no message at all is among them', async () => {
  const answer = await account.deliver([
    messageTo('net', { query: GOOD }),
    messageTo('nobody', { query: GOOD, id: 'lost' }),
  ]);
  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'sqs-lost' }]);
  expect(account.rows()).toHaveLength(1);
});

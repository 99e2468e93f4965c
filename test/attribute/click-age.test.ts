import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replayMessages } from '../../lambdas/adapters/attribution/replay.ts';
import { clickId, messageTo, NOW, startLedger, type TestLedger } from '../support/ledger.ts';

const DAY = 86_400_000;
const CLICK = clickId(7, 42);

let account: TestLedger;
beforeEach(async () => {
  account = await startLedger();
  await account.addSource('net', { profile: 'impact', currency: 'USD', max_click_age: '30d' });
  await account.addSource('site', { profile: 'generic', currency: 'USD', max_click_age: '30d' });
});
afterEach(() => account.close());

/** What comes a number of days after the click. */
const on = (day: number, query: string, source = 'net', id?: string) =>
  messageTo(source, { query: `click_id=${CLICK}&${query}`, received_at: NOW + day * DAY, ...(id && { id }) });
const told = () => account.rows().map(({ entry, status, revenue_minor }) => `${entry} ${status} ${revenue_minor}`);

describe('a network’s conversion whose click was too old', () => {
  it('does not come to be, and is replayed once the source allows it', async () => {
    expect(await account.process(on(40, 'txn_id=T&payout=50', 'net', 'late'))).toEqual(['quarantined click_too_old']);
    const kept = await account.ledger.quarantine.get('late');
    expect(kept?.parts).toEqual([{ part: '0.0.0', faults: [{ code: 'click_too_old', parameter: 'click_id' }] }]);
    const replay = async () => (kept ? replayMessages([kept], account.ledger) : []);
    expect(await replay()).toMatchObject([{ status: 'quarantined', reasons: ['click_too_old'] }]);
    expect(told()).toEqual([]);
    await account.addSource('net', { profile: 'impact', currency: 'USD', max_click_age: '60d' });
    expect(await replay()).toMatchObject([{ status: 'replayed' }]);
    expect(await replay()).toMatchObject([{ items: [{ outcome: 'duplicate', reason: 'repeat' }] }]);
    expect(told()).toEqual(['sale approved 5000']);
    expect(account.rows()).toMatchObject([{ match: 'click_id', subscriber_no: 42 }]);
  });

  it('counts where it only came late: its sale was in time', async () => {
    const sale = `txn_id=T&payout=50&ts=${new Date(NOW + 29 * DAY).toISOString()}`;
    expect(await account.process(on(40, sale))).toEqual(['accepted']);
  });

  it('is not made by what takes it back, which waits', async () => {
    expect(await account.process(on(40, 'txn_id=T&event=refund&payout=50&refund_id=r'))).toEqual([
      'accepted awaiting_sale',
    ]);
    expect(await account.process(on(41, 'txn_id=T&payout=50'))).toEqual(['quarantined click_too_old']);
    const inTime = `txn_id=T&payout=50&ts=${new Date(NOW + DAY).toISOString()}`;
    expect(await account.process(on(42, inTime))).toEqual(['accepted']);
    expect(told().toSorted()).toEqual(['refund approved -5000', 'sale approved 5000']);
    expect(account.rows()).toMatchObject([{ match: 'click_id' }, { match: 'click_id' }]);
  });

  it('is another one where a second amount makes it one', async () => {
    await account.addSource('net', { profile: 'impact', currency: 'USD', max_click_age: '30d', duplicates: 'add' });
    expect(await account.process(on(5, 'txn_id=T&payout=50'))).toEqual(['accepted']);
    expect(await account.process(on(40, 'txn_id=T&payout=60'))).toEqual(['quarantined click_too_old']);
    expect(await account.process(on(41, 'txn_id=T&payout=50'))).toEqual(['duplicate repeat']);
    expect(told()).toEqual(['sale approved 5000']);
  });
});

it('a conversion that is known is approved, corrected, reversed and refunded however long after its click', async () => {
  expect(await account.process(on(5, 'txn_id=T&payout=50&status=PENDING'))).toEqual(['accepted']);
  expect(await account.process(on(40, 'txn_id=T&payout=50&status=APPROVED'))).toEqual(['adjusted status_changed']);
  expect(await account.process(on(41, 'txn_id=T&payout=40&status=APPROVED'))).toEqual(['adjusted amount_changed']);
  expect(await account.process(on(42, 'txn_id=T&event=refund&payout=10&refund_id=r'))).toEqual(['accepted']);
  expect(await account.process(on(43, 'txn_id=T&payout=40&status=REVERSED'))).toEqual(['adjusted status_changed']);
  const rows = account.rows();
  expect(rows.reduce((sum, { revenue_minor }) => sum + (revenue_minor ?? 0), 0)).toBe(0);
  expect(new Set(rows.map(({ match, subscriber_no, click_id }) => `${match} ${subscriber_no} ${click_id}`))).toEqual(
    new Set([`click_id 42 ${CLICK}`]),
  );
});

describe('an order of one’s own site', () => {
  it('counts without the click that was too old', async () => {
    expect(await account.process(on(40, 'order_id=A&amount=50', 'site'))).toEqual(['accepted']);
    expect(account.rows()).toMatchObject([{ match: 'none', unmatched_reason: 'click_too_old', click_id: null }]);
  });

  it('keeps the click it came by', async () => {
    await account.process(on(5, 'amount=50', 'site'));
    expect(await account.process(on(40, 'amount=50&status=reversed', 'site'))).toEqual(['adjusted status_changed']);
    expect(account.rows().map(({ match }) => match)).toEqual(['click_id', 'click_id']);
    expect(told().at(-1)).toBe('status reversed -5000');
  });
});

import { describe, expect, it } from 'vitest';
import { CLICK, CLICK_FIELDS, conversionsOf, NOW, verdictOf } from './senders.ts';

const one = (profile: string, query: string, source?: Record<string, unknown>) => {
  const [conversion] = conversionsOf(profile, { query: query.replace('CLICK', CLICK) }, source);
  return conversion;
};

describe.each([
  ['tune', 'click_id=CLICK&txn_id=102abc&payout=12.50', { txn_id: '102abc', status: null }],
  [
    'tune',
    'aff_sub=CLICK&transaction_id=102abc&payout=12.50&status=rejected',
    { txn_id: '102abc', status: 'rejected' },
  ],
  ['everflow', 'sub1=CLICK&transaction_id=ef1&payout=12,50&event_id=0', { txn_id: 'ef1', event: 'sale' }],
  [
    'impact',
    'SubId1=CLICK&ActionId=1.2.3&Payout=12.5&Status=PENDING&Currency=usd',
    { txn_id: '1.2.3', status: 'pending' },
  ],
  ['cj', 'sid=CLICK&OID=o1&commission=12.50&action_status=locked', { order_id: 'o1', status: 'approved' }],
  ['keitaro', 'subid=CLICK&tid=t1&payout=12.5&status=lead', { txn_id: 't1', event: 'sale', status: 'pending' }],
  ['keitaro', 'subid=CLICK&tid=t2&revenue=12.5&status=rebill', { txn_id: 't2', event: 'rebill', status: 'approved' }],
  ['keitaro', 'external_id=CLICK&tid=t1&payout=12.5&status=rejected', { event: 'sale', status: 'rejected' }],
  ['voluum', 'cid=CLICK&txid=v1&payout=12.5', { txn_id: 'v1', event: 'sale' }],
  ['redtrack', 'clickid=CLICK&sum=12.5&rdtk_event_id=r1&type=Lead&status=approved', { txn_id: 'r1', event: 'lead' }],
  ['binom', 'cnv_id=CLICK&payout=12.5&cnv_status=hold', { txn_id: null, status: 'pending' }],
  ['affise', 'sub1=CLICK&transactionid=a1&sum=12.5&currency=USD&status=5&goal=1', { txn_id: 'a1', status: 'pending' }],
  ['affise', 'sub1=CLICK&transactionid=a1&sum=12.5&status=3', { status: 'rejected' }],
])('%s reads %s', (profile, query, expected) => {
  it('as a payout of 12.50 for that click', () => {
    expect(one(profile, query)).toMatchObject({
      kind: 'network',
      entry: 'sale',
      click_id: CLICK,
      click: CLICK_FIELDS,
      unmatched_reason: null,
      money: { currency: 'USD', revenue: 1250, payout: 1250, sale_value: 0 },
      occurred_at: NOW,
      ...expected,
    });
  });
});

it('keeps payout and sale value of a network apart', () => {
  expect(one('everflow', 'click_id=CLICK&txn_id=1&payout=5&sale_amount=100')?.money).toEqual({
    currency: 'USD',
    revenue: 500,
    payout: 500,
    sale_value: 10_000,
  });
});

it('reads the same name differently for different networks', () => {
  expect(one('keitaro', 'subid=CLICK&tid=77&payout=1')).toMatchObject({ txn_id: '77' });
  expect(one('tune', 'aff_click_id=CLICK&transaction_id=77&payout=1')).toMatchObject({ txn_id: '77' });
  expect(verdictOf('tune', { query: `transaction_id=${CLICK}&payout=1` })).toEqual(['click_id: no_click_id']);
  expect(one('generic', 'tid=CLICK&order_id=1&amount=1')).toMatchObject({ click_id: CLICK, txn_id: null });
  expect(one('generic', 'transaction_id=77&amount=1')).toMatchObject({ txn_id: '77', unmatched_reason: 'no_click_id' });
  expect(one('generic', 'cid=CLICK&transaction_id=77&amount=1')).toMatchObject({ click_id: CLICK, txn_id: '77' });
});

it('accepts ids in upper case, as some networks send them', () => {
  expect(one('tune', `click_id=${CLICK.toUpperCase()}&txn_id=1&payout=1`)?.click_id).toBe(CLICK);
});

it('reads form and JSON bodies like queries, and lists as many', () => {
  const form = `click_id=${CLICK}&txn_id=1&payout=2.50`;
  expect(conversionsOf('everflow', { form })[0]?.money?.revenue).toBe(250);
  expect(conversionsOf('everflow', { body: Buffer.from(form) })[0]?.money?.revenue).toBe(250);
  const json = `[{"click_id":"${CLICK}","txn_id":12345678901234567890,"payout":2.50},{"click_id":"${CLICK}","txn_id":"b","payout":"3"}]`;
  const many = conversionsOf('everflow', { json });
  expect(many.map(({ txn_id, money }) => [txn_id, money?.revenue])).toEqual([
    ['12345678901234567890', 250],
    ['b', 300],
  ]);
});

it('lets a source override names, words, notation and currency', () => {
  const source = {
    params: { click_id: 'my_click', payout: 'data.money' },
    events: { Deposit: 'sale', '12': 'lead' },
    statuses: { ok: 'approved' },
    notation: 'decimal_comma',
    currency: 'EUR',
  };
  const json = { my_click: CLICK, txn_id: 1, data: { money: '1.234,50' }, event: 'deposit', status: 'OK' };
  expect(conversionsOf('everflow', { json }, source)[0]).toMatchObject({
    money: { currency: 'EUR', revenue: 123_450 },
    event: 'sale',
    status: 'approved',
  });
  expect(verdictOf('everflow', { query: `click_id=${CLICK}&txn_id=1&payout=1` }, source)).toEqual([
    'click_id: no_click_id',
  ]);
});

describe('taking back', () => {
  it('needs no click where the transaction is named', () => {
    expect(one('tune', 'event=refund&txn_id=1&payout=5&refund_id=r1')).toMatchObject({
      entry: 'refund',
      event: 'sale',
      status: null,
      refund_id: 'r1',
      money: { revenue: 500 },
      unmatched_reason: 'no_click_id',
    });
    expect(verdictOf('tune', { query: 'event=refund&payout=5' })).toContain('click_id: no_click_id');
    expect(verdictOf('tune', { query: 'event=refund&txn_id=1&click_id=nonsense' })).toEqual([
      'click_id: click_id_malformed',
    ]);
  });

  it('is what a refund id says, whatever the event', () => {
    expect(one('generic', 'order_id=1&event=rebill&amount=5&refund_id=r1')).toMatchObject({
      entry: 'refund',
      event: 'rebill',
    });
    expect(one('generic', 'order_id=1&event=chargeback')).toMatchObject({ entry: 'chargeback', money: null });
  });

  it('is what a negative amount says, where the network does so', () => {
    expect(one('voluum', 'cid=CLICK&txid=1&payout=-5')).toMatchObject({ entry: 'refund', money: { revenue: 500 } });
  });

  it('asks a network for the payout, not for the order value alone', () => {
    expect(verdictOf('everflow', { query: 'event=refund&txn_id=1&amount=5' })).toEqual(['payout: missing_amount']);
  });
});

it('reads ClickBank line by line, rebills and refunds under their own receipt', () => {
  const notification = (transactionType: string, receipt: string, amount: string) => ({
    json: {
      transactionTime: '2026-06-01T03:00:00-07:00',
      receipt,
      transactionType,
      currency: 'USD',
      trackingCodes: [CLICK],
      customer: { billing: { email: 'a@example.com' } },
      lineItems: [
        { itemNo: '1', productTitle: 'Book', quantity: 2, accountAmount: amount },
        { itemNo: 'b', productTitle: 'Bump', quantity: 1, accountAmount: amount },
      ],
    },
  });
  const sale = conversionsOf('clickbank', notification('SALE', 'ABCD1234', '20.10'));
  expect(sale.map(({ txn_id, money, product }) => [txn_id, money?.revenue, product])).toEqual([
    ['ABCD1234-1', 2010, 'Book'],
    ['ABCD1234-b', 2010, 'Bump'],
  ]);
  expect(sale[0]).toMatchObject({ click_id: CLICK, order_id: 'ABCD1234', quantity: 2, occurred_at: NOW - 7_200_000 });
  const rebill = conversionsOf('clickbank', notification('BILL', 'ABCD1234-B002', '20'))[0];
  expect(rebill).toMatchObject({ event: 'rebill', txn_id: 'ABCD1234-B002-1' });
  const refunds = ['ABCD1234', 'ABCD1234-B002'].map(
    (receipt) => conversionsOf('clickbank', notification('RFND', receipt, '-20'))[0],
  );
  expect(refunds.map((refund) => [refund?.entry, refund?.event, refund?.money?.revenue])).toEqual([
    ['refund', 'sale', 2000],
    ['refund', 'rebill', 2000],
  ]);
  expect(conversionsOf('clickbank', notification('CGBK', 'ABCD1234', '-20'))[0]?.entry).toBe('chargeback');
  expect(verdictOf('clickbank', notification('TEST_SALE', 'X', '1'))).toEqual(['ignored: test']);
  expect(verdictOf('clickbank', notification('CANCEL-REBILL', 'X', '1'))).toEqual(['ignored: other_topic']);
});

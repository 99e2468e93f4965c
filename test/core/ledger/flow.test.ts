import { expect, it } from 'vitest';
import { conversionColumns } from '../../../lambdas/contract/conversions.ts';
import { CLICK, conversionsOf, verdictOf } from '../postback/senders.ts';
import { lines, outcomes, play, sums } from './messages.ts';

const woo = (status: string, modified: string, refunds: { id: number; total: string }[] = []) => ({
  headers: { 'x-wc-webhook-topic': 'order.updated' },
  json: {
    ...{ id: 7, status, currency: 'EUR', total: '49.90', date_created_gmt: '2026-06-01T10:00:00' },
    ...{ date_modified_gmt: modified, meta_data: [{ key: 'click_id', value: CLICK }], refunds },
  },
});

it('follows an order of a shop whose every message repeats all that came before', () => {
  const first = { id: 1, total: '-10.00' };
  const messages = [
    woo('pending', '2026-06-01T10:00:00'),
    woo('processing', '2026-06-01T10:01:00'),
    woo('processing', '2026-06-01T10:01:00'),
    woo('completed', '2026-06-01T11:00:00', [first]),
    woo('completed', '2026-06-01T11:30:00', [first, { id: 2, total: '-10.00' }]),
  ].flatMap((sent) => conversionsOf('woocommerce', sent));
  const played = play(messages);
  expect(lines(played)).toEqual([
    'sale pending 4990',
    'status approved 0',
    'refund approved -1000',
    'refund approved -1000',
  ]);
  expect(Object.values(sums(play(messages.toReversed()).entries))).toEqual([[2990, 0, 0]]);
});

it('counts a quarantined message once, however often it is replayed after the fix', () => {
  const sent = { query: `click_id=${CLICK}&txn_id=9&payout=3&event=Deposit` };
  expect(verdictOf('everflow', sent)).toEqual(['event: unknown_event']);
  const replayed = [1, 2, 3].flatMap(() => conversionsOf('everflow', sent, { events: { deposit: 'sale' } }));
  const played = play(replayed);
  expect(outcomes(played)).toEqual(['accepted', 'duplicate repeat', 'duplicate repeat']);
  expect(played.state?.key).toBe('conv#my-everflow#9#sale');
});

it('follows a tracker from lead to sale to rejection under one transaction', () => {
  const status = (word: string) => conversionsOf('keitaro', { query: `subid=${CLICK}&tid=1&payout=5&status=${word}` });
  const inOrder = ['lead', 'sale', 'rejected'].flatMap(status).map((one, index) => ({
    ...one,
    received_at: one.received_at + index,
  }));
  expect(lines(play(inOrder))).toEqual(['sale pending 500', 'status approved 0', 'status reversed -500']);
});

it('names entries by the columns of the lake', () => {
  const [entry] = play(conversionsOf('tune', { query: `click_id=${CLICK}&txn_id=9&payout=3` })).entries;
  const columns = new Set<string>(conversionColumns.map(({ name }) => name));
  expect(Object.keys(entry ?? {}).filter((name) => !columns.has(name))).toEqual(['refund_id']);
});

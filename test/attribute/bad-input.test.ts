import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processMessages } from '../../lambdas/adapters/attribution/process.ts';
import { mintClickId } from '../../lambdas/core/click-id.ts';
import { clickId, messageTo, NOW, type Sent, startLedger, type TestLedger } from '../support/ledger.ts';

let account: TestLedger;
beforeAll(async () => {
  account = await startLedger();
  await account.addSource('net', { profile: 'everflow', max_click_age: '30d' });
  await account.addSource('shop', { profile: 'shopify' });
  await account.addSource('site', { profile: 'generic' });
  await account.addSource('paused', { profile: 'generic', status: 'paused' });
});
afterAll(() => account.close());

const CLICK = clickId(7, 42);
const FORGED = CLICK.slice(0, -1) + (CLICK.endsWith('0') ? '1' : '0');
const UNSIGNED = mintClickId({ time: NOW, linkNo: 7, subscriberNo: 42, nonce: 1 }, null);
const OLD = clickId(7, 42, 1, NOW - 31 * 86_400_000);
let txn = 0;
const net = (changes: Record<string, string>, extra = ''): Sent => ({
  query: `${new URLSearchParams({ click_id: CLICK, txn_id: `t${++txn}`, payout: '5', ...changes })}${extra}`,
});
const order = (fields: object): Sent => ({
  headers: { 'x-shopify-topic': 'orders/paid' },
  json: { id: ++txn, currency: 'USD', total_price: '9.00', created_at: '2026-06-01T10:00:00Z', ...fields },
});

/** What was sent, to whom, and what a person reads who looks for it. */
const CASES: [name: string, source: string, sent: Sent, outcome: string][] = [
  ['a forged click id', 'net', net({ click_id: FORGED }), 'quarantined click_id_forged'],
  ['a truncated click id', 'net', net({ click_id: CLICK.slice(0, 31) }), 'quarantined click_id_malformed'],
  ['an unsigned click id', 'net', net({ click_id: UNSIGNED }), 'quarantined click_id_unsigned'],
  ['a click id of long ago', 'net', net({ click_id: OLD }), 'quarantined click_too_old'],
  ['no click id', 'net', net({ click_id: '' }), 'quarantined no_click_id'],
  ['a macro nobody filled in', 'net', net({ click_id: '{sub1}' }), 'quarantined macro_unexpanded'],
  ['a payout nobody filled in', 'net', net({ payout: '{payout}' }), 'quarantined macro_unexpanded'],
  ['an array', 'net', { json: { click_id: CLICK, txn_id: ['a', 'b'], payout: 5 } }, 'quarantined array_value'],
  ['a structure', 'net', { json: { click_id: CLICK, txn_id: { a: 1 }, payout: 5 } }, 'quarantined array_value'],
  ['the same name twice', 'net', net({}, '&txn_id=other'), 'quarantined array_value'],
  ['a negative amount', 'net', net({ payout: '-5' }), 'quarantined negative_amount'],
  ['an enormous amount', 'net', net({ payout: '9'.repeat(18) }), 'quarantined amount_too_large'],
  ['no amount at all', 'net', net({ payout: 'free' }), 'quarantined bad_amount'],
  ['an unknown currency', 'net', net({ currency: 'XXQ' }), 'quarantined unknown_currency'],
  ['bytes that are no UTF-8', 'net', net({}, '&order_id=%FF%FE'), 'quarantined not_utf8'],
  [
    'a body that is no JSON',
    'net',
    { body: Buffer.from('{"a'), content_type: 'application/json' },
    'quarantined body_unreadable',
  ],
  ['a day in the future', 'net', net({ ts: '2027-01-01T00:00:00Z' }), 'quarantined time_in_future'],
  ['no day at all', 'net', net({ ts: 'soon' }), 'quarantined bad_time'],
  ['RFC 3339', 'net', net({ ts: '2026-06-01T13:59:00+02:00' }), 'accepted'],
  ['epoch seconds', 'net', net({ ts: '1780315140' }), 'accepted'],
  ['epoch milliseconds', 'net', net({ ts: '1780315140000' }), 'accepted'],
  ['a date with a space', 'net', net({ ts: '2026-06-01 11:59:00' }), 'accepted'],
  ['RFC 1123', 'net', net({ ts: 'Mon, 01 Jun 2026 11:59:00 GMT' }), 'accepted'],
  ['an order without a click id', 'shop', order({}), 'accepted'],
  ['an order with a forged one', 'shop', order({ note_attributes: [{ name: 'click_id', value: FORGED }] }), 'accepted'],
  [
    'a refund of more than was sold',
    'site',
    { query: 'order_id=big&amount=1&event=refund&refund_id=1' },
    'accepted awaiting_sale',
  ],
  ...['undefined', 'NULL', 'None', '0', ' n/a '].map((id): (typeof CASES)[number] => [
    `an order called ${id}`,
    'site',
    { query: `order_id=${id}&amount=5` },
    'quarantined placeholder_id',
  ]),
  ['a transaction that nobody filled in', 'net', net({ txn_id: 'null' }), 'quarantined placeholder_id'],
  ['a refund that nobody filled in', 'net', net({ refund_id: 'undefined' }), 'quarantined placeholder_id'],
  ['an id that only begins so', 'net', net({ txn_id: 'null-7' }), 'accepted'],
  ['a sale without its amount', 'site', { query: 'order_id=free&amnt=5' }, 'accepted no_amount'],
  ['a lead without an amount', 'site', { query: 'order_id=free&event=lead' }, 'accepted'],
  ['nothing to tell a repeat by', 'site', { query: 'amount=5' }, 'quarantined missing_key'],
  ['a source that is paused', 'paused', { query: 'order_id=1&amount=5' }, 'ignored source_paused'],
];

describe('each message has an outcome that a person can act on, costs the sender nothing, and is kept', () => {
  it.each(CASES)('%s', async (name, source, sent, outcome) => {
    const id = `bad-${name.replaceAll(' ', '-')}`;
    const before = account.streams.rows.conversions.length;
    expect(await account.deliver([messageTo(source, { id, ...sent })])).toEqual({ batchItemFailures: [] });
    const [event] = await account.ledger.events
      .before(source, { received_at: NOW + 1, id: '' }, 100, NOW)
      .then((all) => all.filter((one) => one.id.startsWith(`${id}_`)));
    expect(`${event?.outcome} ${event?.reason ?? ''}`.trim()).toBe(outcome);
    const isKept = (await account.ledger.quarantine.get(id)) !== null;
    expect(isKept).toBe(outcome.startsWith('quarantined') || outcome.includes('awaiting'));
    const isCounted = outcome.startsWith('accepted') && !outcome.includes('awaiting');
    expect(account.streams.rows.conversions.length - before).toBe(isCounted ? 1 : 0);
  });

  it('a message sent again, whoever sends it, counts once', async () => {
    const sent = net({});
    await account.deliver([messageTo('net', sent)]);
    const replayed = messageTo('net', { ...sent, id: 'replayed' });
    await account.deliver([replayed]);
    expect(await account.ledgerTable.get('event#replayed_0.0.0')).toMatchObject({
      outcome: 'duplicate',
      reason: 'repeat',
    });
  });

  it('the five notations of one time are one time', () => {
    const times = account.rows().filter(({ source_id, txn_id }) => source_id === 'net' && txn_id !== null);
    expect(times.filter(({ occurred_at }) => occurred_at === NOW - 60_000)).toHaveLength(5);
  });

  it('a loop of changes ends in quarantine, and the item stays small', async () => {
    const messages = Array.from({ length: 305 }, (_, at) =>
      messageTo('site', { id: `loop${at}`, query: `order_id=loop&amount=${at + 1}`, received_at: NOW + at }),
    );
    for (let at = 0; at < messages.length; at += 61) await account.deliver(messages.slice(at, at + 61));
    expect(await account.ledgerTable.get('event#loop304_0.0.0')).toMatchObject({
      outcome: 'quarantined',
      reason: 'too_many_changes',
    });
    const rows = account.rows().filter(({ order_id }) => order_id === 'loop');
    expect(rows.reduce((sum, { revenue_minor }) => sum + (revenue_minor ?? 0), 0)).toBe(30_000);
    const item = await account.ledgerTable.get(`conv#${rows[0]?.conversion_id}`);
    expect(Buffer.from(item?.body as Uint8Array).length).toBeLessThan(60_000);
  }, 120_000);
});

it('lets a pixel add a sale, but change or take back nobody’s order', async () => {
  const order = (id: string, query: string) => messageTo('site', { id, query: `order_id=px1&${query}` });
  const pixel = (id: string, query: string) => ({ ...order(id, query), pixel: true as const });
  const outcomes = async (message: ReturnType<typeof pixel>) => {
    const [outcome] = await processMessages([message], account.ledger);
    return outcome && 'items' in outcome ? outcome.items.map(({ event }) => `${event.outcome} ${event.reason}`) : [];
  };
  expect(await outcomes(pixel('px-early', 'event=refund&amount=5'))).toEqual(['quarantined pixel_takes_back']);
  expect(await outcomes(pixel('px-sale', 'amount=9'))).toEqual(['accepted null']);
  expect(await outcomes(pixel('px-zero', 'amount=0'))).toEqual(['duplicate repeat']);
  expect(await outcomes(pixel('px-gone', 'amount=9&status=rejected'))).toEqual(['quarantined pixel_takes_back']);
  const rows = account.rows().filter(({ order_id }) => order_id === 'px1');
  expect(rows.map(({ revenue_minor }) => revenue_minor)).toEqual([900]);
});

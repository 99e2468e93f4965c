import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantFault, parseInstant } from '../../../lambdas/core/postback/instants.ts';
import { REASONS, sentenceOf } from '../../../lambdas/core/postback/reasons.ts';
import { profiles } from '../../../lambdas/core/profiles/index.ts';
import { CLICK, conversionsOf, FORGED, NOW, read, UNSIGNED, verdictOf } from './senders.ts';

const GOOD = `click_id=${CLICK}&txn_id=1&payout=2.50`;
const SHORT = CLICK.slice(1);

describe('a network’s postback', () => {
  it.each([
    [GOOD, 'conversion'],
    ['txn_id=1&payout=2.50', 'click_id: no_click_id'],
    ['click_id=&txn_id=1&payout=2.50', 'click_id: no_click_id'],
    [`click_id=${FORGED}&txn_id=1&payout=2.50`, 'click_id: click_id_forged'],
    [`click_id=${UNSIGNED}&txn_id=1&payout=2.50`, 'click_id: click_id_unsigned'],
    [`click_id=${SHORT}&txn_id=1&payout=2.50`, 'click_id: click_id_malformed'],
    ['click_id={sub1}&txn_id=1&payout=2.50', 'click_id: macro_unexpanded'],
    ['click_id=%7Bsub1%7D&txn_id=1', 'click_id: macro_unexpanded'],
    ['click_id=%257Bsub1%257D&txn_id=1', 'click_id: macro_unexpanded'],
    ['click_id=%23s2%23&txn_id=1', 'click_id: macro_unexpanded'],
    ['click_id=[sub1]&txn_id=1', 'click_id: macro_unexpanded'],
    ['click_id=REPLACE&txn_id=1', 'click_id: macro_unexpanded'],
    [`click_id=${CLICK}&txn_id=1&payout={payout}`, 'payout: macro_unexpanded'],
    [`click_id=${CLICK}&txn_id=OPTIONAL&payout=1`, 'txn_id: macro_unexpanded'],
    [`click_id=${CLICK}&txn_id=1&payout=abc`, 'payout: bad_amount'],
    [`click_id=${CLICK}&txn_id=1&payout=-1`, 'payout: negative_amount'],
    [`click_id=${CLICK}&txn_id=1&payout=1,234`, 'payout: ambiguous_amount'],
    [`click_id=${CLICK}&txn_id=1&payout=99999999999999999`, 'payout: amount_too_large'],
    [`click_id=${CLICK}&txn_id=1&payout=%E2%82%AC5`, 'payout: currency_conflict'],
    [`${GOOD}&currency=XYZ`, 'currency: unknown_currency'],
    [`${GOOD}&currency={currency}`, 'currency: macro_unexpanded'],
    [`${GOOD}&ts=yesterday`, 'ts: bad_time'],
    [`${GOOD}&ts=2026-02-30T00:00:00Z`, 'ts: bad_time'],
    [`${GOOD}&ts=2027-06-01T12:00:00Z`, 'ts: time_in_future'],
    [`${GOOD}&ts=946684799`, 'ts: time_before_2000'],
    [`${GOOD}&event=mystery`, 'event: unknown_event'],
    [`${GOOD}&status=mystery`, 'status: unknown_status'],
    [`${GOOD}&txn_id=2`, 'txn_id: array_value'],
    [`${GOOD}&payout[]=3`, 'payout: array_value'],
    [`click_id=${CLICK}&txn_id=%FF%FE&payout=1`, 'txn_id: not_utf8'],
    [`click_id=${CLICK}&txn_id=${'9'.repeat(257)}`, 'txn_id: value_too_long'],
  ])('%s → %s', (query, expected) => {
    expect(verdictOf('everflow', { query })).toEqual([expected]);
  });

  it('names every fault at once', () => {
    const query = 'click_id={sub1}&txn_id=1&payout=x&event=mystery&status=?&ts=0';
    expect(verdictOf('everflow', { query }).sort()).toEqual([
      'click_id: macro_unexpanded',
      'event: unknown_event',
      'payout: bad_amount',
      'status: unknown_status',
      'ts: time_before_2000',
    ]);
  });

  it.each([
    [{ json: '{"click_id":' }, 'null: body_unreadable'],
    [{ json: '"text"' }, 'null: body_unreadable'],
    [{ body: Buffer.from([0xff, 0xfe, 0x00]) }, 'null: body_unreadable'],
    [{ form: 'a=1', headers: { 'content-type': 'multipart/form-data; boundary=x' } }, 'null: body_unreadable'],
    [{ json: Array.from({ length: 1001 }, () => ({})) }, 'null: too_many_items'],
    [{ json: [] }, 'ignored: nothing_reported'],
    [{ json: { click_id: [CLICK], txn_id: 1 } }, 'click_id: array_value'],
    [{ json: { click_id: CLICK, txn_id: { a: 1 } } }, 'txn_id: array_value'],
    [{ json: '{"__proto__":{"click_id":"x"}}' }, 'click_id: no_click_id'],
  ])('%j → %s', (sent, expected) => expect(verdictOf('everflow', sent)).toEqual([expected]));

  it('takes a repeated parameter with the same value, and one that came in query and body', () => {
    expect(verdictOf('everflow', { query: `${GOOD}&txn_id=1` })).toEqual(['conversion']);
    expect(verdictOf('everflow', { query: GOOD, form: 'txn_id=1' })).toEqual(['conversion']);
    expect(verdictOf('everflow', { query: GOOD, form: 'txn_id=2' })).toEqual(['txn_id: array_value']);
  });

  it('leaves out what only describes, and says so', () => {
    const [item] = read('tune', { query: `${GOOD}&promo_code={code}` });
    expect(item).toMatchObject({
      outcome: 'conversion',
      conversion: { promo_code: null },
      notes: [{ code: 'macro_unexpanded', parameter: 'promo_code' }],
    });
  });

  it.each([
    ['2h', '', false],
    ['1d', '', false],
    ['1h', '', true],
    ['1h', '&ts=2026-06-01T10:45:00Z', false],
    ['1h', '&ts=2026-06-01T11:45:00Z', true],
    ['1h', '&ts=2026-06-01 00:30:00', false],
    ['1h', '&ts=2026-05-30 10:30:00', true],
  ])('says of a click older than %s at the sale%s that it is: %s', (max_click_age, ts, expected) => {
    const [item] = read('everflow', { query: `${GOOD}${ts}` }, { max_click_age });
    const notes = expected ? [{ code: 'click_too_old', parameter: 'click_id' }] : [];
    expect(item).toMatchObject({ outcome: 'conversion', notes, conversion: { click_too_old: expected } });
  });

  it.each(['paused', 'archived'])('is passed over while the source is %s', (status) => {
    expect(verdictOf('tune', { query: GOOD }, { status })).toEqual([`ignored: source_${status}`]);
  });
});

describe('one’s own site', () => {
  it('counts without a click and stops at macros', () => {
    expect(verdictOf('generic', { query: 'order_id=1&amount=5' })).toEqual(['conversion']);
    expect(verdictOf('generic', { query: `order_id=1&amount=5&click_id=${FORGED}` })).toEqual(['conversion']);
    expect(verdictOf('generic', { query: 'order_id=1&amount=5&click_id={click_id}' })).toEqual([
      'click_id: macro_unexpanded',
    ]);
    expect(verdictOf('generic', { query: 'amount=5' })).toEqual(['null: missing_key']);
  });
});

it.each([
  ['2026-06-01T12:00:00Z', NOW],
  ['2026-06-01T14:00:00.123+02:00', NOW + 123],
  ['2026-06-01T12:00:00', NOW],
  ['20260601T050000-0700', NOW],
  ['1780315200', NOW],
  ['1780315200000', NOW],
  ['2026-06-01 12:00:00', NOW],
  ['Mon, 01 Jun 2026 12:00:00 GMT', NOW],
  ['01 Jun 2026 14:00:00 +0200', NOW],
  ['2026-13-01T00:00:00Z', null],
  ['2026-06-01T24:00:00Z', null],
  ['31 Foo 2026 12:00:00 GMT', null],
  ['12345678901234567', null],
  ['', null],
])('reads the time %s', (text, expected) => expect(parseInstant(text)).toBe(expected));

it('tolerates a day of clocks ahead', () => {
  expect(instantFault(NOW + 86_400_000, NOW)).toBeNull();
  expect(instantFault(NOW + 86_400_001, NOW)).toBe('time_in_future');
  expect(conversionsOf('tune', { query: `${GOOD}&ts=1780315200` })[0]?.occurred_at).toBe(NOW);
});

it('gives every reason a sentence that says what to do', () => {
  for (const code of Object.keys(REASONS) as (keyof typeof REASONS)[]) {
    const sentence = sentenceOf({ code, parameter: 'payout' });
    expect(sentence).toMatch(/^\w.{20,}\.$/);
    expect(sentence).not.toContain('{');
  }
});

it('finds an outcome for any request, and the same one again', () => {
  const names = fc.constantFrom(
    'click_id',
    'txn_id',
    'payout',
    'amount',
    'event',
    'status',
    'ts',
    'currency',
    'refund_id',
  );
  const value = fc.oneof(fc.string(), fc.constantFrom(CLICK, '1', '{x}', '-5', 'USD', '%FF', 'refund'));
  const query = fc.array(fc.tuple(names, value)).map((pairs) => pairs.map((pair) => pair.join('=')).join('&'));
  const body = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => Buffer.from(text)),
    query.map((text) => Buffer.from(text)),
  );
  const type = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain', '');
  const profile = fc.constantFrom(
    ...Object.entries(profiles).flatMap(([name, { reports }]) => (reports === 'conversions' ? [name] : [])),
  );
  fc.assert(
    fc.property(profile, query, body, type, (name, sentQuery, sentBody, contentType) => {
      const sent = { query: sentQuery, body: sentBody, headers: { 'content-type': contentType } };
      const items = read(name, sent);
      expect(items.length).toBeGreaterThan(0);
      expect(read(name, sent)).toEqual(items);
      for (const item of items)
        if (item.outcome === 'conversion' && item.conversion.money)
          expect(Math.min(item.conversion.money.revenue, item.conversion.money.payout)).toBeGreaterThanOrEqual(0);
    }),
  );
});

it('says of money in another currency what to do on either side', () => {
  const conflict = sentenceOf({ code: 'currency_conflict', parameter: 'payout' });
  expect(conflict).toMatch(/^payout .*at the sender.* set the source’s currency, then replay/);
  const refund = sentenceOf({ code: 'refund_currency_differs', parameter: null });
  expect(refund).toMatch(/source’s currency .*then replay.*let the sender report it in the sale’s currency/);
});

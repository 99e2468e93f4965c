import { expect, it } from 'vitest';
import { redactBody, redactPairs, redactParameter } from '../../../lambdas/core/postback/redact.ts';

it('hides who somebody is, and leaves what a person needs to see', () => {
  expect(redactPairs('click_id=abc&payout=2.50&email=a%40b.example&sig=xyz&note=call+a@b.example')).toBe(
    'click_id=abc&payout=2.50&email=***&sig=***&note=call ***',
  );
  const order = {
    id: 7,
    total_price: '49.90',
    email: 'a@b.example',
    customer: { first_name: 'Ann', id: 3 },
    billing_address: { city: 'Berlin' },
    note: 'write to a@b.example or +49 151 12345678',
    line_items: [{ sku: 'shoes', price: '49.90' }],
  };
  expect(JSON.parse(redactBody(JSON.stringify(order), 'application/json'))).toEqual({
    ...{ id: 7, total_price: '49.90', email: '***', customer: { first_name: '***', id: 3 }, billing_address: '***' },
    ...{ note: 'write to *** or ***', line_items: [{ sku: 'shoes', price: '49.90' }] },
  });
  expect(redactPairs('event_name=Deposit&firstname=Ann&name=Ann')).toBe('event_name=Deposit&firstname=***&name=***');
  expect(redactBody('phone=%2B4915112345678&amount=5', 'application/x-www-form-urlencoded')).toBe('phone=***&amount=5');
  expect(redactBody('{"broken": "a@b.example', null)).toBe('{"broken": "***');
  expect(redactParameter('customer_id', '12')).toBe('***');
  expect(redactParameter('order_id', '12')).toBe('12');
});

it('hides addresses in any text, and nothing that only resembles one', () => {
  expect(redactBody('mailto:ann@x.example?subject=hi "b.c+d@sub.y.example", <e@f.example>', null)).toBe(
    'mailto:***?subject=hi "***", <***>',
  );
  expect(redactBody('call +49 (151) 123-45678 or +1', null)).toBe('call *** or +1');
  for (const text of ['@x.example', 'ann@', 'ann@x', 'ann@x.e', 'ann@.ex', '12 @ 3.50'])
    expect(redactBody(text, null)).toBe(text);
});

// what is quadratic would not come to an end within the time of a test
it.each(['a', '@', 'a@', '.', '+1', '+', '1 ', '(', '['])('reads a megabyte of %j', (unit) => {
  const text = unit.repeat(1_000_000 / unit.length);
  expect(redactBody(text, null).length).toBeGreaterThan(0);
  expect(redactBody(`+1${text}x`, null).length).toBeGreaterThan(0);
  expect(redactBody(JSON.stringify({ note: text }), null).length).toBeGreaterThan(0);
});

it('shows JSON of any depth, as far as anybody reads', () => {
  const deep = `${'{"a":['.repeat(100_000)}${']}'.repeat(100_000)}`;
  expect(redactBody(deep, null).match(/"a"/g)).toHaveLength(50);
  expect(redactBody(deep, null)).toContain('"***"');
});

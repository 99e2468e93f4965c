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

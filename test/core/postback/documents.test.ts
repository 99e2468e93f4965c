import { expect, it } from 'vitest';
import { documentsOf } from '../../../lambdas/core/postback/documents.ts';

const form = (body: string) =>
  documentsOf(
    {
      method: 'POST',
      query: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(body),
      received_at: 0,
    },
    'postbacks',
  );

it('makes lists of names that come twice or with brackets', () => {
  expect(form('a=1&b[]=2&b[]=3&c=4&c=4&d=5&d=6&d=7&e=8&e=&f[]=9')).toEqual([
    { a: '1', b: ['2', '3'], c: '4', d: ['5', '6', '7'], e: '8', f: ['9'] },
  ]);
});

it('reads a body of hundreds of thousands of pairs, which a list copied for each would keep up for minutes', () => {
  const count = 200_000;
  const body = Array.from({ length: count }, (_, at) => `a[]=${at}`).join('&');
  expect((form(body) as [{ a: string[] }])[0].a).toHaveLength(count);
});

it('reads JSON that is called a form, as curl -d sends it, and a form that only begins like JSON as one', () => {
  expect(form('{"order_id":"A","amount":5.10}')).toEqual([{ order_id: 'A', amount: '5.10' }]);
  expect(form(' [{"a":"1=2"},{"a":"&"}]')).toEqual([{ a: '1=2' }, { a: '&' }]);
  expect(form('{a}=1&b=2')).toEqual([{ '{a}': '1', b: '2' }]);
  expect(form('{"a":1}=2')).toEqual([{ '{"a":1}': '2' }]);
  expect(form('%7B%22a%22%3A1%7D')).toEqual([{ '{"a":1}': '' }]);
});

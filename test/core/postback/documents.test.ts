import fc from 'fast-check';
import { expect, it } from 'vitest';
import { documentsOf, MAX_ITEMS } from '../../../lambdas/core/postback/documents.ts';

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

it('takes the last index off a name, whatever brackets the name is made of', () => {
  const name = fc.string({ unit: fc.constantFrom('[', ']', 'a'), maxLength: 12 });
  fc.assert(
    fc.property(name, (text) => {
      const [document] = form(`${text}=1`) as [Record<string, unknown>];
      expect(Object.keys(document)).toEqual([text.replace(/\[[^\]]*\]$/, '')]);
    }),
  );
});

// what is quadratic would not come to an end within the time of a test
it('reads a name of a million brackets', () => {
  const brackets = '['.repeat(1_000_000);
  expect(form(`${brackets}=1`)).toEqual([{ [brackets]: '1' }]);
  expect(form(`${brackets}]x]=1`)).toEqual([{ [`${brackets}]x]`]: '1' }]);
});

it('gives no query to items of a list beyond those that are read', () => {
  const query = Array.from({ length: 500 }, (_, at) => `k${at}=${at}`).join('&');
  const body = Buffer.from(`[${'{},'.repeat(500_000)}{}]`);
  const found = documentsOf({ method: 'POST', query, headers: {}, body, received_at: 0 }, 'postbacks') ?? [];
  expect(found).toHaveLength(MAX_ITEMS + 1);
  expect(found.at(-1)).toMatchObject({ k499: '499' });
});

it('reads JSON that is called a form, as curl -d sends it, and a form that only begins like JSON as one', () => {
  expect(form('{"order_id":"A","amount":5.10}')).toEqual([{ order_id: 'A', amount: '5.10' }]);
  expect(form(' [{"a":"1=2"},{"a":"&"}]')).toEqual([{ a: '1=2' }, { a: '&' }]);
  expect(form('{a}=1&b=2')).toEqual([{ '{a}': '1', b: '2' }]);
  expect(form('{"a":1}=2')).toEqual([{ '{"a":1}': '2' }]);
  expect(form('%7B%22a%22%3A1%7D')).toEqual([{ '{"a":1}': '' }]);
});

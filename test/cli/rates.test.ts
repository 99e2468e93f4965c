import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startApi } from '../support/api.ts';
import { fetchOf, runCli } from '../support/terminal.ts';

let api: Awaited<ReturnType<typeof startApi>>;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.streams.rows.rates.length = 0;
});

const set = (...args: string[]) =>
  runCli(['rates', 'set', ...args], {
    env: { ONEHOP_API: 'http://api', ONEHOP_TOKEN: api.token },
    fetch: fetchOf(api.call),
  });
const told = () => api.streams.rows.rates.map(({ date, base, currency, rate }) => [date, base, currency, rate]);

test('rates of a day are put, and shown', async () => {
  const { code, out } = await set('2026-06-15', '--base', 'USD', 'EUR=0.92', 'jpy=157.3', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual([{ date: '2026-06-15', base: 'USD', EUR: 0.92, JPY: 157.3 }]);
  expect(told()).toEqual([
    ['2026-06-15', 'USD', 'USD', 1],
    ['2026-06-15', 'USD', 'EUR', 0.92],
    ['2026-06-15', 'USD', 'JPY', 157.3],
  ]);
  expect((await set('2026-06-15', '--base', 'USD', 'EUR=0.92')).out).toMatch(/2026-06-15 .* USD .* 0\.92/);
});

test('--to puts them for every day of a span, its end included', async () => {
  expect((await set('2026-02-27', '--to', '2026-03-01', '--base', 'EUR', 'USD=1.08')).code).toBe(0);
  const days = told().flatMap(([date, , currency]) => (currency === 'USD' ? [date] : []));
  expect(days).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
});

test.each([
  [['2026-06-15', '--base', 'USD', 'EUR:1', 'x'], /EUR:1: must be of the form EUR=0\.92\n.*x: must be/],
  [['2026-06-15', '--base', 'USD', 'EUR=0', 'XAU=1'], /rates\.EUR[\s\S]*rates\.XAU/],
  [['2026-06-15', '--base', 'USD', 'EUR=abc'], /rates\.EUR: must be a decimal number .* such as 0\.92/],
  [['2026-06-15', '--base', 'USD', 'EUR=0,92'], /rates\.EUR: must be a decimal number .* such as 0\.92/],
  [['2026-06-15', '--base', 'USD', 'USX=1'], /rates\.USX: must be the code of a currency in ISO 4217/],
  [['2026-06-15', '--base', 'USX', 'EUR=1'], /base: must be the code of a currency in ISO 4217/],
  [['2026-06-31', '--base', 'USD', 'EUR=1'], /2026-06-31 is no date/],
  [['2026-06-15', '--to', '2026-06-14', '--base', 'USD', 'EUR=1'], /--to 2026-06-14 is before 2026-06-15/],
  [['2026-06-15', '--to', '2027-06-16', '--base', 'USD', 'EUR=1'], /367 days are too many/],
  [['2026-06-15', 'EUR=1'], /--base/],
])('%j is refused with what to write, and nothing is put', async (args, message) => {
  const { code, err } = await set(...args);
  expect(code).not.toBe(0);
  expect(err).toMatch(message);
  expect(told()).toEqual([]);
});

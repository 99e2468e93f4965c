import { expect, it } from 'vitest';
import { remarkOnMoney } from '../../../local/demo/print/welcome.ts';

it.each([
  ['1000.10', 'nothing'],
  ['1000.11', '+0.01 USD'],
  ['987.60', '−12.50 USD'],
  [undefined, '−1000.10 USD'],
])('a ledger of %s USD, where 1000.10 came through, is off by %s', (revenue, by) => {
  expect(remarkOnMoney({ revenue }, { grossMinor: 120_010, refundedMinor: 20_000 })).toBe(
    `Money in all differs from what came through by ${by}.`,
  );
});

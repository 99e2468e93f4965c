import type { CostLine, MonthlyCost } from './monthly-cost.ts';

const WIDTH = 40;

/** The bill of a month for people: dollars per million clicks at list price, and what free tiers take off. */
export function costTable(millions: number, { lines, usd, freeUsd }: MonthlyCost): string {
  const row = (text: string, list: number, free: number) =>
    `  ${text.padEnd(WIDTH)}${dollars(list / millions)}${dollars(free / millions)}`;
  return [
    '',
    `  ${`${millions} million clicks a month`.padEnd(WIDTH)}  $/million  free of it`,
    ...lines.map((line) => row(quantity(line), line.usd, line.freeUsd)),
    row('sum', usd, freeUsd),
    `  the month's bill: $${usd.toFixed(2)} at list price, $${(usd - freeUsd).toFixed(2)} after free tiers`,
  ].join('\n');
}

const dollars = (amount: number) => amount.toFixed(3).padStart(11);

function quantity({ quantity: amount, unit }: CostLine): string {
  return `${amount.toLocaleString('en-US', { maximumFractionDigits: amount < 100 ? 2 : 0 })} ${unit}`;
}

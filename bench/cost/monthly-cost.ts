import { type Price, type PriceName, prices } from './prices.ts';
import { type Month, usageOf } from './usage.ts';

/** One line of the bill. */
export interface CostLine {
  readonly name: PriceName;
  readonly quantity: number;
  readonly unit: string;
  /** Dollars a month at list price. */
  readonly usd: number;
  /** Part of it that the free tier takes off. */
  readonly freeUsd: number;
  readonly source: string;
}

export interface MonthlyCost {
  readonly lines: readonly CostLine[];
  readonly usd: number;
  readonly freeUsd: number;
}

/** The bill of a month, line by line, at list price. Pure. */
export function monthlyCost(month: Month): MonthlyCost {
  const lines = Object.entries(usageOf(month)).map(([name, quantity]) => line(name as PriceName, quantity));
  const sum = (part: 'usd' | 'freeUsd') => lines.reduce((total, each) => total + each[part], 0);
  return { lines, usd: sum('usd'), freeUsd: sum('freeUsd') };
}

function line(name: PriceName, quantity: number): CostLine {
  const { usd, unit, source, free = 0 }: Price = prices[name];
  return { name, quantity, unit, usd: quantity * usd, freeUsd: Math.min(quantity, free) * usd, source };
}

import { prices } from '../cost/prices.ts';

/** On-demand write request unit, US dollars (https://aws.amazon.com/dynamodb/pricing/on-demand/, us-east-1, 2026-11-23). */
const WRITE_USD = 0.625 / 1_000_000;
/** An eventually consistent read of up to 4 KB. */
const UNITS_PER_READ = 0.5;
/** A row of up to 1 KB that stands in no index: the least that a row for each recipient can cost. */
const UNITS_PER_ROW = 1;

/** What reads of items cost, US dollars. */
export function readsUsd(items: number): number {
  return items * UNITS_PER_READ * prices.reads.usd;
}

/** What writing a row for each recipient costs, US dollars. */
export function rowsUsd(recipients: number): number {
  return recipients * UNITS_PER_ROW * WRITE_USD;
}

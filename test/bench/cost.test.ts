import { describe, expect, it } from 'vitest';
import { type MonthlyCost, monthlyCost } from '../../bench/cost/monthly-cost.ts';
import { type PriceName, prices } from '../../bench/cost/prices.ts';
import { costTable } from '../../bench/cost/table.ts';
import { ASSUMED, edgeDurationMs, type Month } from '../../bench/cost/usage.ts';

const month = (change: Partial<Month> = {}): Month => ({ ...ASSUMED, clicks: 1_000_000, handlerCpuMs: 0.5, ...change });

function line({ lines }: MonthlyCost, name: PriceName) {
  const found = lines.find((each) => each.name === name);
  if (!found) throw new Error(`the bill has no line ${name}`);
  return found;
}

describe('monthlyCost', () => {
  it.each<[PriceName, number]>([
    ['httpsRequests', 1], // 1,000,000 × $0.01 / 10,000
    ['egress', 0.06333], // 1,000,000 × 800 B = 0.74506 GB × $0.085
    ['edgeRequests', 0.6], // 1 × $0.60
    ['edgeDuration', 0.33757], // 27 ms × 0.25 GB × 1,000,000 = 6,750 GB-s × $0.00005001
    ['reads', 0.0625], // 1,000,000 × 0.2 × 5 × 0.5 = 500,000 units × $0.125 / 1,000,000
    ['secretCalls', 0.1], // 1,000,000 × 0.02 = 20,000 × $0.05 / 10,000
    ['secrets', 0.8], // 2 × $0.40
    ['ingest', 0.13828], // 1,000,000 × 5 KB = 4.76837 GB × $0.029
    ['conversion', 0.08583], // 4.76837 GB × $0.018
    ['functionRequests', 0.00864], // one a minute: 43,200 × $0.20 / 1,000,000
    ['functionDuration', 0.00667], // 1,000 s × 0.5 GB × $0.0000133334
    ['puts', 0.0432], // 12 × 24 × 30 = 8,640 × $0.005 / 1,000
    ['storage', 0.00643], // 300 MB = 0.2794 GB × $0.023
    ['logs', 0.18626], // 400 MB = 0.37253 GB × $0.50
    ['alarms', 0.8], // 8 × $0.10
    ['scans', 0.13642], // 300 × 100 MB = 27.9397 GB × $5 / 1,024
  ])('bills %s for a million clicks', (name, usd) => {
    expect(line(monthlyCost(month()), name).usd).toBeCloseTo(usd, 5);
  });

  it('bills every price once, and their sum', () => {
    const { lines, usd } = monthlyCost(month());
    expect(lines.map(({ name }) => name).toSorted()).toEqual(Object.keys(prices).toSorted());
    expect(usd).toBeCloseTo(4.3752, 3);
  });

  it('takes off what free tiers hold, and no more', () => {
    const free = (clicks: number) => line(monthlyCost(month({ clicks })), 'httpsRequests').freeUsd;
    expect(free(1_000_000)).toBeCloseTo(1, 9);
    expect(free(100_000_000)).toBeCloseTo(10, 9);
    expect(line(monthlyCost(month()), 'edgeRequests').freeUsd).toBe(0);
    expect(line(monthlyCost(month({ alarms: 25 })), 'alarms').freeUsd).toBeCloseTo(1, 9);
  });

  it('bills a record in steps of 5 KB', () => {
    const ingest = (recordBytes: number) => line(monthlyCost(month({ recordBytes })), 'ingest').usd;
    expect(ingest(5_120)).toBe(ingest(1));
    expect(ingest(5_121)).toBeCloseTo(2 * ingest(1), 9);
  });

  it('names a public page for every price', () => {
    for (const { source } of monthlyCost(month()).lines) expect(source).toMatch(/^https:\/\/aws\.amazon\.com\//);
  });
});

describe('edgeDurationMs', () => {
  it('stretches CPU time by the share of a core, adds waiting and new instances, and rounds up to whole ms', () => {
    // 0.5 × 1,769 / 256 = 3.46; + 15 + 0.02 × 400 = 26.46
    expect(edgeDurationMs(month())).toBe(27);
  });

  it('never runs faster than a whole core', () => {
    expect(edgeDurationMs(month({ edgeMemoryMb: 10_240, putWaitMs: 0, coldShare: 0, handlerCpuMs: 7 }))).toBe(7);
  });
});

describe('costTable', () => {
  it('prints a line per price, per million clicks, and the bill', () => {
    const table = costTable(10, monthlyCost(month({ clicks: 10_000_000 })));
    expect(table).toMatch(/10,000,000 HTTPS requests +1\.000 +1\.000\n/);
    expect(table).toMatch(/2 secrets +0\.080 +0\.000\n/);
    expect(table).toContain("the month's bill: $28.88 at list price");
    expect(table.split('\n')).toHaveLength(Object.keys(prices).length + 4);
  });
});

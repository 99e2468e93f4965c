import { type MonthlyCost, monthlyCost } from './cost/monthly-cost.ts';
import { PRICES_OF } from './cost/prices.ts';
import { costTable } from './cost/table.ts';
import { ASSUMED, edgeDurationMs, type Month } from './cost/usage.ts';
import type { Benchmark, Outcome } from './support/benchmark.ts';
import { storedResult } from './support/report.ts';
import { rounded } from './support/statistics.ts';

const MILLIONS = [1, 10, 100] as const;
/** Used where the `handler` benchmark never ran: its target. */
const UNMEASURED_CPU_MS = 0.6;

async function run(): Promise<Outcome> {
  const measured = storedResult('handler')?.figures.cpu_per_click_ms;
  const handlerCpuMs = measured ?? UNMEASURED_CPU_MS;
  const months = MILLIONS.map((millions): Month => ({ ...ASSUMED, clicks: millions * 1_000_000, handlerCpuMs }));
  const costs = months.map(monthlyCost);
  const [first] = months as [Month];
  const requests = costs[1]?.lines.find(({ name }) => name === 'httpsRequests')?.usd ?? Number.NaN;
  const figures = MILLIONS.flatMap((millions, index): [string, number][] => {
    const { usd, freeUsd } = costs[index] as MonthlyCost;
    return [
      [`usd_per_million_at_${millions}_million`, rounded(usd / millions)],
      [`usd_per_million_at_${millions}_million_after_free_tiers`, rounded((usd - freeUsd) / millions)],
    ];
  });
  return {
    figures: {
      ...Object.fromEntries(figures),
      times_cloudfront_requests_at_10_million: rounded((costs[1]?.usd ?? Number.NaN) / requests),
      handler_cpu_ms: handlerCpuMs,
      edge_duration_ms: edgeDurationMs(first),
    },
    targets: [{ figure: 'times_cloudfront_requests_at_10_million', must: 'be at most', limit: 3 }],
    notes: notes(first, measured !== undefined),
    tables: MILLIONS.map((millions, index) => costTable(millions, costs[index] as MonthlyCost)),
  };
}

function notes(month: Month, isMeasured: boolean): string[] {
  const { handlerCpuMs, edgeMemoryMb, putWaitMs, coldShare, coldMs } = month;
  return [
    `List prices of us-east-1 as of ${PRICES_OF}, viewers in the US and Europe; the pages are named in bench/cost/prices.ts.`,
    `Edge duration ${edgeDurationMs(month)} ms: ${handlerCpuMs} ms of CPU (${isMeasured ? 'measured here' : 'the target, not measured'}) at the share of a core that ${edgeMemoryMb} MB buy, ${putWaitMs} ms of waiting for Firehose in the same region (assumed), ${coldShare * 100} % new instances at ${coldMs} ms (assumed).`,
    'Every other assumption stands in bench/cost/usage.ts. Storage is that of one month; hosted zones ($0.50 each), WAF and transfer between regions are not in it.',
  ];
}

/** What a million clicks cost, line by line. */
export const cost: Benchmark = { name: 'cost', title: 'List price per million clicks', run };

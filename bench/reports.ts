import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReportFigures } from './processes/lake-report.ts';
import { athenaBytes, columnsRead } from './reports/athena-bytes.ts';
import { shapeOf } from './reports/lake-shape.ts';
import { makeLake } from './reports/make-lake.ts';
import { athenaCents } from './reports/scanned.ts';
import type { Benchmark, Outcome } from './support/benchmark.ts';
import { Child } from './support/child.ts';
import { rounded } from './support/statistics.ts';

const LAKE_REPORT = new URL('./processes/lake-report.ts', import.meta.url);
const REPORTS = ['performance', 'attribution'] as const;
/** Clicks of the lakes: one to see what statements read, then those that are measured. */
const SIZES = { plan: 20_000, small: 1_000_000, large: 10_000_000 } as const;

/** A report over a lake, in a process of its own: what it holds in memory is nobody else's. */
async function measure(lakeDir: string, report: string, clicks: number): Promise<ReportFigures> {
  const child = await Child.start<null>(LAKE_REPORT, [lakeDir, report, String(clicks)]);
  try {
    return await child.ask<ReportFigures>('measure');
  } finally {
    await child.close();
  }
}

type Figures = Record<string, number>;

async function figuresOf(folder: string, report: string): Promise<Figures> {
  const lakeOf = (clicks: number) => join(folder, String(clicks));
  const small = await measure(lakeOf(SIZES.small), report, SIZES.small);
  const large = await measure(lakeOf(SIZES.large), report, SIZES.large);
  const read = await columnsRead(lakeOf(SIZES.plan), report, shapeOf(SIZES.plan));
  const bytes = await athenaBytes(lakeOf(SIZES.large), report, shapeOf(SIZES.large), read);
  return {
    [`${report}_1_million_s`]: rounded(small.seconds),
    [`${report}_10_million_s`]: rounded(large.seconds),
    [`${report}_growth`]: rounded(large.seconds / small.seconds),
    [`${report}_1_million_cpu_s`]: rounded(small.cpuSeconds),
    [`${report}_10_million_cpu_s`]: rounded(large.cpuSeconds),
    [`${report}_1_million_peak_mb`]: rounded(small.peakMb),
    [`${report}_10_million_peak_mb`]: rounded(large.peakMb),
    [`${report}_athena_mb_tables_once`]: rounded(bytes.once / 1e6),
    [`${report}_athena_mb_each_mention`]: rounded(bytes.eachTime / 1e6),
    [`${report}_athena_cents_tables_once`]: rounded(athenaCents(bytes.once)),
    [`${report}_athena_cents_each_mention`]: rounded(athenaCents(bytes.eachTime)),
  };
}

async function measured(folder: string): Promise<Outcome> {
  const { conversions, sends, subscribers, days, campaigns } = shapeOf(SIZES.large);
  for (const clicks of Object.values(SIZES)) await makeLake(join(folder, String(clicks)), shapeOf(clicks));
  let figures: Figures = {};
  for (const report of REPORTS) figures = { ...figures, ...(await figuresOf(folder, report)) };
  const number = (value: number) => value.toLocaleString('en-US');
  return {
    figures,
    targets: [
      { figure: 'performance_10_million_s', must: 'be at most', limit: 5 },
      { figure: 'attribution_10_million_s', must: 'be at most', limit: 15 },
    ],
    notes: [
      `A lake made from a seed: ${number(SIZES.large)} clicks, ${number(conversions)} conversions, ${number(sends)} messages, ${number(subscribers)} subscribers, ${campaigns} campaigns, ${days} days; the small one has a tenth of each but campaigns and days. Of the conversions six in ten name a click, three are matched by identity, one by nothing.`,
      'All days by campaign, last touch, seven days, human clicks. From the question to the rows as they are shown, each report in a fresh process, the opening of the lake not included; DuckDB takes all cores.',
      'CPU: of the process, all threads; it is what a busy machine does not stretch. Peak: the most memory the process held.',
      'Athena: compressed bytes of the columns the statement reads, by the metadata of the files, each table once; and, at most, each table wherever the statement names it, for Trino puts the steps of WITH in place. 5 USD a terabyte, 10 MB at least.',
    ],
  };
}

async function run(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'onehop-bench-'));
  try {
    return await measured(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the two large reports take over many clicks: time, memory and, on AWS, money. */
export const largeReports: Benchmark = {
  name: 'reports',
  title: 'Reports performance and attribution over 10 million clicks and 300 thousand conversions',
  run,
};

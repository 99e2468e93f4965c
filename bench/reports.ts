import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { ReportFigures } from './processes/lake-report.ts';
import { athenaBytes, columnsRead } from './reports/athena-bytes.ts';
import { shapeOf } from './reports/lake-shape.ts';
import { makeLake } from './reports/make-lake.ts';
import { athenaCents } from './reports/scanned.ts';
import type { Benchmark, Outcome, Target } from './support/benchmark.ts';
import { Child } from './support/child.ts';
import { rounded } from './support/statistics.ts';

const LAKE_REPORT = new URL('./processes/lake-report.ts', import.meta.url);
const REPORTS = ['performance', 'attribution'] as const;
/** Clicks of the largest lake where nobody says otherwise: what the targets are stated for. */
const STATED = 10_000_000;

interface Sizes {
  /** Only to see what statements read. */
  readonly plan: number;
  readonly small: number;
  readonly large: number;
}

/** Clicks of the lakes. `ONEHOP_BENCH_CLICKS` makes the largest smaller, for machines with less memory or time; the targets are then not judged. */
function sizesOf(clicks = STATED): Sizes {
  return { plan: 20_000, small: Math.round(clicks / 10), large: clicks };
}

const TARGETS: readonly Target[] = [
  { figure: 'performance_large_s', must: 'be at most', limit: 5 },
  { figure: 'attribution_large_s', must: 'be at most', limit: 15 },
];

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

async function figuresOf(folder: string, report: string, sizes: Sizes): Promise<Figures> {
  const lakeOf = (clicks: number) => join(folder, String(clicks));
  const small = await measure(lakeOf(sizes.small), report, sizes.small);
  const large = await measure(lakeOf(sizes.large), report, sizes.large);
  const read = await columnsRead(lakeOf(sizes.plan), report, shapeOf(sizes.plan));
  const bytes = await athenaBytes(lakeOf(sizes.large), report, shapeOf(sizes.large), read);
  return {
    [`${report}_small_s`]: rounded(small.seconds),
    [`${report}_large_s`]: rounded(large.seconds),
    [`${report}_growth`]: rounded(large.seconds / small.seconds),
    [`${report}_small_cpu_s`]: rounded(small.cpuSeconds),
    [`${report}_large_cpu_s`]: rounded(large.cpuSeconds),
    [`${report}_small_peak_mb`]: rounded(small.peakMb),
    [`${report}_large_peak_mb`]: rounded(large.peakMb),
    [`${report}_athena_mb_tables_once`]: rounded(bytes.once / 1e6),
    [`${report}_athena_mb_each_mention`]: rounded(bytes.eachTime / 1e6),
    [`${report}_athena_cents_tables_once`]: rounded(athenaCents(bytes.once)),
    [`${report}_athena_cents_each_mention`]: rounded(athenaCents(bytes.eachTime)),
  };
}

async function measured(folder: string, sizes: Sizes): Promise<Outcome> {
  const { conversions, sends, subscribers, days, campaigns } = shapeOf(sizes.large);
  for (const clicks of Object.values(sizes)) await makeLake(join(folder, String(clicks)), shapeOf(clicks));
  let figures: Figures = { clicks_small: sizes.small, clicks_large: sizes.large };
  for (const report of REPORTS) figures = { ...figures, ...(await figuresOf(folder, report, sizes)) };
  const number = (value: number) => value.toLocaleString('en-US');
  return {
    figures,
    targets: sizes.large < STATED ? [] : TARGETS,
    notes: [
      `A lake made from a seed: ${number(sizes.large)} clicks, ${number(conversions)} conversions, ${number(sends)} messages, ${number(subscribers)} subscribers, ${campaigns} campaigns, ${days} days; the small one has a tenth of each but campaigns and days. Of the conversions six in ten name a click, three are matched by identity, one by nothing.`,
      'The targets are stated for 10 million clicks and judged there only; `ONEHOP_BENCH_CLICKS` asks for fewer, for machines with less memory or time.',
      'All days by campaign, last touch, seven days, human clicks. From the question to the rows as they are shown, each report in a fresh process, the opening of the lake not included; DuckDB takes all cores.',
      'CPU: of the process, all threads; a busy machine stretches it less than the time. Peak: the most memory the process held.',
      'Athena: compressed bytes of the columns the statement reads, by the metadata of the files, each table once; and, at most, each table wherever the statement names it, for Trino puts the steps of WITH in place. 5 USD a terabyte, 10 MB at least.',
    ],
  };
}

async function run(): Promise<Outcome> {
  const asked = process.env.ONEHOP_BENCH_CLICKS;
  const folder = mkdtempSync(join(tmpdir(), 'onehop-bench-'));
  try {
    return await measured(folder, sizesOf(asked ? Number(asked) : undefined));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the two large reports take over many clicks: time, memory and, on AWS, money. */
export const largeReports: Benchmark = {
  name: 'reports',
  title: 'Reports performance and attribution over a lake of many clicks, three conversions for a hundred',
  run,
};

import process from 'node:process';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';
import { cache } from './cache.ts';
import { codes } from './codes.ts';
import { cost } from './cost.ts';
import { decision } from './decision.ts';
import { handler } from './handler.ts';
import { mintLists } from './mint.ts';
import { postbacks } from './postbacks.ts';
import { largeReports } from './reports.ts';
import type { Benchmark } from './support/benchmark.ts';
import { disturbance, underConditions } from './support/conditions.ts';
import { type Run, store, summary, toResult } from './support/report.ts';
import { throughput } from './throughput.ts';

/** In the order they run: the cost rests on the handler's CPU time. */
const BENCHMARKS = [bundle, codes, decision, handler, throughput, mintLists, postbacks, largeReports, cache, cost];

const USAGE = `usage: npm run bench -- [--times n] [benchmark …]
  --times n   run each n times and keep the run that others disturbed least (1)
  benchmark   ${BENCHMARKS.map(({ name }) => name).join(', ')} (all)
`;

interface Plan {
  readonly chosen: readonly Benchmark[];
  readonly times: number;
}

/** What the command line asks for, or null where it makes no sense. */
function planOf(args: string[]): Plan | null {
  const { values, positionals } = parseArgs({
    args,
    options: { times: { type: 'string', default: '1' } },
    allowPositionals: true,
    strict: false,
  });
  const times = Number(values.times);
  const isKnown = positionals.every((name) => BENCHMARKS.some((benchmark) => benchmark.name === name));
  if (!isKnown || !Number.isInteger(times) || times < 1) return null;
  const isChosen = ({ name }: Benchmark) => positionals.length === 0 || positionals.includes(name);
  return { chosen: BENCHMARKS.filter(isChosen), times };
}

/** The run among several that other programs disturbed least. */
async function quietest(benchmark: Benchmark, times: number): Promise<Run> {
  const runs: Run[] = [];
  for (let done = 0; done < times; done++) {
    const { result: outcome, conditions } = await underConditions(() => benchmark.run());
    runs.push({ outcome, conditions });
  }
  return runs.reduce((best, run) => (disturbance(run.conditions) < disturbance(best.conditions) ? run : best));
}

/** `npm run bench`: a missed target is told, not failed, for it may be the machine's. */
async function main({ chosen, times }: Plan): Promise<void> {
  for (const benchmark of chosen) {
    process.stderr.write(`onehop: ${benchmark.name} …\n`);
    const run = await quietest(benchmark, times);
    const result = toResult(benchmark, run, times);
    store(result);
    process.stdout.write(`${summary(result, run.outcome.tables ?? [])}\n`);
  }
}

const plan = planOf(process.argv.slice(2));
if (plan) await main(plan);
else {
  process.stderr.write(USAGE);
  process.exitCode = 2;
}

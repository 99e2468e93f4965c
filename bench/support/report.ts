import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { type Benchmark, isReached, type Outcome } from './benchmark.ts';
import { type Conditions, machine, packageVersions } from './conditions.ts';

const RESULTS = new URL('../results/', import.meta.url);

/** A benchmark's result as it is kept. */
export interface StoredResult extends Pick<Outcome, 'figures' | 'notes'> {
  readonly name: string;
  readonly title: string;
  /** ISO time. */
  readonly date: string;
  readonly machine: ReturnType<typeof machine>;
  readonly conditions: Conditions;
  readonly runs: number;
  readonly node: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly targets: readonly { readonly figure: string; readonly target: string; readonly reached: boolean }[];
}

export interface Run {
  readonly outcome: Outcome;
  readonly conditions: Conditions;
}

/** A result with everything that is needed to judge it. @param runs how many runs this one was chosen from */
export function toResult({ name, title }: Benchmark, { outcome, conditions }: Run, runs: number): StoredResult {
  const { figures, notes } = outcome;
  return {
    name,
    title,
    date: new Date().toISOString(),
    machine: machine(),
    conditions,
    runs,
    node: process.version,
    packages: packageVersions(),
    figures,
    targets: outcome.targets.map((target) => ({
      figure: target.figure,
      target: `must ${target.must} ${target.limit}`,
      reached: isReached(target, figures),
    })),
    notes,
  };
}

/** Keeps a result in `bench/results/<name>.json`, in place of the one before. */
export function store(result: StoredResult): void {
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(new URL(`${result.name}.json`, RESULTS), `${JSON.stringify(result, null, 2)}\n`);
}

/** The kept result of a benchmark, or null where it never ran. */
export function storedResult(name: string): StoredResult | null {
  try {
    return JSON.parse(readFileSync(new URL(`${name}.json`, RESULTS), 'utf8')) as StoredResult;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The lines a person reads. */
export function summary(
  { title, figures, targets, notes, conditions, runs }: StoredResult,
  tables: readonly string[],
): string {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  const list = Object.entries(figures).map(
    ([name, value]) => `  ${name.padEnd(width)}  ${value.toLocaleString('en-US', { maximumFractionDigits: 6 })}`,
  );
  const judged = targets.map(
    ({ figure, target, reached }) => `  ${reached ? 'reached' : 'MISSED '}  ${figure} ${target}`,
  );
  return [
    title,
    ...(tables.length > 0 ? tables : list),
    ...judged,
    ...notes.map((note) => `  · ${note}`),
    `  · ${conditionsText(conditions)}${runs > 1 ? `; the quietest of ${runs} runs` : ''}`,
    '',
  ].join('\n');
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

function conditionsText({ others_before: before, others_during: during, others_after: after }: Conditions): string {
  const meanwhile = during === null ? '' : `, ${percent(during)} during it`;
  return `other programs used ${percent(before)} of the machine before the run${meanwhile}, ${percent(after)} after it`;
}

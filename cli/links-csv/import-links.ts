import { writeFileSync } from 'node:fs';
import { toCsv } from '../../lambdas/core/reports/csv.ts';
import { CliError } from '../cli-error.ts';
import type { Client } from '../client.ts';
import type { Terminal } from '../terminal.ts';
import { applyRow, type Outcome } from './apply.ts';
import { type PlannedRow, planImport } from './plan.ts';

export interface ImportOptions {
  readonly dryRun: boolean;
  /** Import nothing where any row is faulty. */
  readonly strict: boolean;
  readonly asNew: boolean;
  /** File for the rows that were not imported. */
  readonly rejects: string;
}

/** Rows by what became of them. */
export interface ImportSummary {
  readonly rows: number;
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly rejected: number;
}

/** Rows under way at the same time. */
const CONCURRENCY = 6;

/**
 * Imports a CSV file of links. Every faulty row is told on standard error with its line and goes to the rejects file;
 * the others go through.
 * @throws CliError where the file cannot be read, or a row is faulty and the import is strict
 */
export async function importLinks(
  path: string,
  options: ImportOptions,
  client: Client,
  terminal: Terminal,
): Promise<ImportSummary> {
  const rows = await planImport(path, options.asNew);
  if (rows.length === 0) throw new CliError(`${path} has no rows`);
  if (options.strict && !options.dryRun) {
    const faulty = await inOrder(rows, (row) => applyRow(row, { client, dryRun: true }));
    if (faulty.some(({ state }) => state === 'rejected')) {
      report(rows, faulty, options.rejects, terminal);
      throw new CliError('some rows are faulty, so nothing was imported (--strict)');
    }
  }
  const outcomes = await inOrder(rows, (row) => applyRow(row, { client, dryRun: options.dryRun }));
  report(rows, outcomes, options.rejects, terminal);
  const count = (state: Outcome['state']) => outcomes.filter((outcome) => outcome.state === state).length;
  return {
    rows: rows.length,
    created: count('created'),
    changed: count('changed'),
    unchanged: count('unchanged'),
    rejected: count('rejected'),
  };
}

/** Tells each faulty row, and keeps them in a file that can be corrected and imported again. */
function report(rows: readonly PlannedRow[], outcomes: readonly Outcome[], file: string, { stderr }: Terminal): void {
  const rejected = rows.flatMap((row, at) => {
    const outcome = outcomes[at];
    return outcome?.state === 'rejected' ? [{ row, error: outcome.faults.join('; ') }] : [];
  });
  if (rejected.length === 0) return;
  for (const { row, error } of rejected) stderr.write(`line ${row.line}: ${error}\n`);
  const columns = Object.keys(rejected[0]?.row.cells ?? {}).filter((name) => name !== 'line' && name !== 'error');
  const lines = rejected.map(({ row, error }) => ({ ...row.cells, line: row.line, error }));
  writeFileSync(file, toCsv([...columns, 'line', 'error'], lines));
  stderr.write(`rows that were not imported are in ${file}\n`);
}

/** Works on a few at a time and gives the results in the order of the rows. */
async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const queue = items.entries();
  const worker = async () => {
    for (const [at, item] of queue) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return results;
}

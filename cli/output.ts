import Table from 'cli-table3';
import { toCsv } from '../lambdas/core/reports/csv.ts';
import type { Terminal } from './terminal.ts';

export interface OutputOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
}

type Row = Readonly<Record<string, unknown>>;

/** Prints rows: a table, or what `--json` or `--csv` ask for. `columns` picks and orders the table's columns. */
export function printRows(
  rows: readonly Row[],
  options: OutputOptions,
  { stdout }: Terminal,
  columns?: readonly string[],
): void {
  const all = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (options.json) stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (options.csv) stdout.write(toCsv(all, rows));
  else
    stdout.write(rows.length === 0 ? 'nothing found\n' : `${tableOf(rows, columns ?? all, stdout.isTTY ?? false)}\n`);
}

/** Prints one entity: its fields line by line, or JSON. */
export function printEntity(entity: Row, options: OutputOptions, terminal: Terminal): void {
  if (options.csv) printRows([entity], options, terminal);
  else if (options.json) terminal.stdout.write(`${JSON.stringify(entity, null, 2)}\n`);
  else terminal.stdout.write(`${fieldsOf(entity)}\n`);
}

/** One line for each field that has a value. */
function fieldsOf(entity: Row): string {
  const fields = Object.entries(entity).filter(([, value]) => !isEmpty(value));
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${name.padEnd(width)}  ${text(value)}`).join('\n');
}

function tableOf(rows: readonly Row[], columns: readonly string[], isTerminal: boolean): string {
  const table = new Table({ head: [...columns], style: plainStyle(isTerminal) });
  for (const row of rows) table.push(columns.map((column) => text(row[column])));
  return table.toString();
}

const plainStyle = (isTerminal: boolean) => (isTerminal ? { head: ['cyan'] } : { head: [], border: [] });
const isEmpty = (value: unknown) => value === null || (Array.isArray(value) && value.length === 0);

function text(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Parquet that one scan of a plan reads. */
export interface Scan {
  readonly table: string;
  readonly columns: readonly string[];
}

interface PlanNode {
  readonly operator_name?: string;
  readonly extra_info?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly children?: readonly PlanNode[];
}

const list = (value: string | readonly string[] | undefined) => (typeof value === 'string' ? [value] : (value ?? []));

/**
 * Tables and columns that the scans of DuckDB's plan of a statement (`explain (analyze, format json)`) read: columns that are only
 * filtered by are read too. The partition's name is no column of the files.
 * @param columnsOf columns of each table's files
 */
export function scansOf(plan: PlanNode, columnsOf: Readonly<Record<string, readonly string[]>>): Scan[] {
  const scans = (plan.children ?? []).flatMap((child) => scansOf(child, columnsOf));
  if (plan.operator_name?.trim() !== 'READ_PARQUET') return scans;
  const { Projections: projected, Filters: filters, 'Filename(s)': files } = plan.extra_info ?? {};
  const table = /([^/]+)\/dt=/.exec(list(files).join())?.[1] ?? '';
  const words = new Set([...list(projected), ...list(filters)].flatMap((text) => text.match(/\w+/g) ?? []));
  return [...scans, { table, columns: (columnsOf[table] ?? []).filter((column) => words.has(column)) }];
}

const COMMENT = /--.*$|\/\*[\s\S]*?\*\/ ?/gm;
const STEP = /^(\w+) as \(\n([\s\S]*?)^\)/gm;
const READ = /\b(?:from|join)\s+(\w+)/g;

/**
 * How often a statement reads a relation where each step of its WITH is put in at every place that names it, as Trino does.
 * Steps are laid out as in `sql/reports`: the closing parenthesis begins a line. A name stands for the last step before
 * that bears it, since a WITH within a step has names of its own.
 */
export function timesRead(sql: string, relation: string): number {
  const text = sql.replace(COMMENT, '');
  const counted = new Map<string, number>([[relation, 1]]);
  const within = (body: string) =>
    [...body.matchAll(READ)].reduce((sum, [, name = '']) => sum + (counted.get(name) ?? 0), 0);
  for (const [, name = '', body = ''] of text.matchAll(STEP)) counted.set(name, within(body));
  return within(text.replace(STEP, ''));
}

const MIN_BYTES = 10_000_000;
const CENTS_PER_BYTE = 500 / 1e12;

/** What Athena charges for a statement, cents: 5 USD for a terabyte, 10 MB at least (https://aws.amazon.com/athena/pricing/). */
export function athenaCents(bytes: number): number {
  return Math.max(bytes, MIN_BYTES) * CENTS_PER_BYTE;
}

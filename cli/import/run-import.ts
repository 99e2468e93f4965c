import { statSync } from 'node:fs';
import { CliError } from '../cli-error.ts';
import type { Client } from '../client.ts';
import { FileOutput } from '../mint/outputs.ts';
import { ProgressLine } from '../mint/progress-line.ts';
import { type NumberedRow, readNumbered } from '../sms/list-file.ts';
import type { Terminal } from '../terminal.ts';
import type { Result } from './calls.ts';
import { fieldsOf, type Mapping, type Plan, planOf } from './columns.ts';
import type { ImportKind } from './kinds.ts';

export interface ImportRun {
  readonly kind: ImportKind;
  readonly path: string;
  readonly mapping: Mapping;
  /** File for rows that were rejected. */
  readonly rejects: string;
  readonly client: Client;
  readonly terminal: Terminal;
}

/** Rows by what became of them. */
export interface ImportCount {
  accepted: number;
  duplicate: number;
  rejected: number;
}

const BATCH_ROWS = 1_000;
/** The API takes a million bytes; what surrounds the items needs little. */
const BATCH_BYTES = 900_000;
/** Batches under way: enough to keep the API busy, few enough for constant memory. */
const AT_ONCE = 4;
/** Faults told one by one; all of them are in the rejects file. */
const FAULTS_TOLD = 20;

interface Entry {
  readonly row: NumberedRow;
  readonly item: Record<string, unknown>;
  readonly bytes: number;
}

/**
 * Imports a CSV list, batch by batch, in constant memory. A row that is at fault never stops the others; running it again
 * after an interruption does no harm.
 * @throws CliError where the list cannot be read or the API does not recover
 */
export async function runImport(run: ImportRun): Promise<ImportCount> {
  const { terminal, path } = run;
  const count: ImportCount = { accepted: 0, duplicate: 0, rejected: 0 };
  const progress = new ProgressLine(
    terminal.stderr,
    terminal.now,
    statSync(path, { throwIfNoEntry: false })?.size ?? null,
  );
  const rejects = new Rejects(run, progress);
  const under: Promise<void>[] = [];
  let done = 0;
  try {
    for await (const batch of batches(run)) {
      const settled = send(batch, run, rejects, count).then(() => {
        done += batch.bytes;
        progress.tell(done, count.accepted + count.duplicate + count.rejected);
      });
      // What fails is told of when its turn comes; until then it must not end the process.
      settled.catch(() => undefined);
      under.push(settled);
      if (under.length >= AT_ONCE) await under.shift();
    }
    for (const next of under) await next;
  } finally {
    progress.clear();
    rejects.close();
  }
  return count;
}

interface Batch {
  readonly entries: readonly Entry[];
  readonly bytes: number;
}

async function* batches({ kind, path, mapping, terminal }: ImportRun): AsyncGenerator<Batch> {
  let plan: Plan | null = null;
  let entries: Entry[] = [];
  let bytes = 0;
  for await (const row of readNumbered(path, [], terminal.stdin)) {
    plan ??= planned(Object.keys(row.row), mapping, kind, terminal);
    const item = kind.toItem(fieldsOf(row.row, plan, mapping));
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (entries.length === BATCH_ROWS || (entries.length > 0 && bytes + size > BATCH_BYTES)) {
      yield { entries, bytes };
      entries = [];
      bytes = 0;
    }
    entries.push({ row, item, bytes: size });
    bytes += size;
  }
  if (entries.length > 0) yield { entries, bytes };
}

function planned(columns: readonly string[], mapping: Mapping, kind: ImportKind, { stderr }: Terminal): Plan {
  const plan = planOf(columns, mapping, kind.fields, kind.needed);
  if (plan.passedOver.length > 0) stderr.write(`columns passed over: ${plan.passedOver.join('; ')}\n`);
  return plan;
}

/** A row that is broken as a whole, or larger than a call takes, is not sent. */
const faultOf = ({ row, bytes }: Entry): string | null =>
  row.fault ?? (bytes > BATCH_BYTES ? `has ${bytes} bytes, the limit is ${BATCH_BYTES}` : null);

async function send({ entries }: Batch, { kind, client, terminal }: ImportRun, rejects: Rejects, count: ImportCount) {
  const whole = entries.filter((entry) => faultOf(entry) === null);
  const items = whole.map(({ item }) => item);
  const results = items.length > 0 ? await kind.send(items, client, terminal.sleep) : [];
  const byEntry = new Map(whole.map((entry, at) => [entry, results[at]]));
  for (const entry of entries) {
    const { status, faults } = byEntry.get(entry) ?? rejected(faultOf(entry) ?? 'was not answered');
    count[status] += 1;
    if (status === 'rejected') await rejects.add(entry.row, faults.join('; '));
  }
}

const rejected = (fault: string): Result => ({ status: 'rejected', faults: [fault] });

/** Rejected rows: the first are told, all go to a file that can be mended and imported again. */
class Rejects {
  readonly #file: FileOutput;
  readonly #run: ImportRun;
  readonly #progress: ProgressLine;
  #told = 0;

  constructor(run: ImportRun, progress: ProgressLine) {
    this.#run = run;
    this.#progress = progress;
    this.#file = new FileOutput(run.rejects);
  }

  async add({ row, line }: NumberedRow, fault: string): Promise<void> {
    const { stderr } = this.#run.terminal;
    this.#told += 1;
    if (this.#told <= FAULTS_TOLD) {
      this.#progress.clear();
      stderr.write(`line ${line}: ${fault}\n`);
    } else if (this.#told === FAULTS_TOLD + 1) stderr.write('… further faults are in the rejects file only\n');
    const columns = Object.keys(row).filter((name) => name !== 'error');
    const cells = [...columns.map((name) => row[name] ?? ''), fault];
    await this.#file.write(csvLine([...columns, 'error']), csvLine(cells));
  }

  close(): void {
    this.#file.close();
  }
}

/** Cells as they were: a file to import again, not one to look at in a spreadsheet. */
function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text));
  return `${quoted.join(',')}\r\n`;
}

/** @throws CliError where rows were rejected: the exit status is 0 only where all were taken */
export function reportImport(count: ImportCount, rejects: string, { stderr }: Terminal): void {
  const { accepted, duplicate, rejected } = count;
  const repeats = duplicate > 0 ? `, ${duplicate.toLocaleString('en')} repeated` : '';
  stderr.write(`${accepted.toLocaleString('en')} imported${repeats}, ${rejected.toLocaleString('en')} rejected\n`);
  if (rejected > 0)
    throw new CliError(
      `${rejected.toLocaleString('en')} ${rejected === 1 ? 'row has a fault' : 'rows have faults'}: mend them in ${rejects} and import that file as well`,
    );
  if (accepted + duplicate === 0) throw new CliError('the list has no rows');
}

import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { CliError } from '../cli-error.ts';
import { Client } from '../client.ts';
import { connectionOf } from '../connection.ts';
import { Journal, type Progress, requestOf } from '../mint/journal.ts';
import { FileOutput, StreamOutput } from '../mint/outputs.ts';
import { ProgressLine } from '../mint/progress-line.ts';
import { runMint, type Summary } from '../mint/run.ts';
import { formatOf, openList } from '../mint/source.ts';
import type { Terminal } from '../terminal.ts';

/** What one request carries at most is 20,000 rows and 2 MB; smaller parts show progress sooner, are soon done again, and wait less for one another. */
const PART_ROWS = 5_000;
const PART_BYTES = 1_900_000;

const HELP = `
Standard output is the list of people to message: the columns you gave, and link_no, subscriber_no, code, url, promo_code and
arm. Subscribers of a holdout go to a file of their own, rows with faults to another. Minting is repeatable: the same
subscriber on the same link always has the same code, so an interrupted run can simply be run again. With --out it goes on
where it stopped.

Examples:
  $ onehop mint --link 7 people.csv > to-send.csv
  $ onehop mint --link 7 --by segment,creative --out to-send.csv people.csv
  $ onehop mint --link 7 --holdout holdout.csv --rejects faults.csv people.csv | your-sender
  $ cat people.ndjson | onehop mint --link 7 --format ndjson -`;

interface MintFlags {
  readonly stage?: string;
  readonly link: string;
  readonly by?: string;
  readonly arms?: string;
  readonly country?: string;
  readonly strict?: boolean;
  readonly out?: string;
  readonly holdout?: string;
  readonly rejects?: string;
  readonly parallel: number;
  readonly part: number;
  readonly format?: 'csv' | 'ndjson';
  readonly restart?: boolean;
}

/** `mint`: personal links for a list of any size. */
export function addMintCommand(program: Command, terminal: Terminal): void {
  program
    .command('mint <file>')
    .description('make a personal link for everybody on a list (CSV or NDJSON; - reads standard input)')
    .requiredOption('--link <link_no>', 'personal link to mint on')
    .option('--by <fields>', 'mint on a sibling link for each combination of these: segment, creative, message_id')
    .option('--arms <which>', 'all, or treatment: leave the holdout out of the answer')
    .option('--country <code>', 'country of phone numbers that name none, such as US')
    .option('--strict', 'stop at the first part that has a row with a fault')
    .option('--out <file>', 'write the list to this file instead of standard output; an interrupted run can go on')
    .option('--holdout <file>', 'where subscribers go who are not to be messaged (default: beside the list)')
    .option('--rejects <file>', 'where rows with faults go (default: beside the list)')
    .option('--parallel <n>', 'parts under way at a time, 1 to 16', wholeUpTo(16), 4)
    .option('--part <rows>', 'rows of a part at the most, 1 to 20000', wholeUpTo(20_000), PART_ROWS)
    .option('--format <format>', 'csv or ndjson (default: by the name of the file)')
    .option('--restart', 'begin anew where an interrupted run could go on')
    .addHelpText('after', HELP)
    .action(async (file: string, _: unknown, self: Command) => mint(file, self.optsWithGlobals(), terminal));
}

const wholeUpTo = (most: number) => (value: string) => {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1 || count > most) throw new InvalidArgumentError(`must be 1 to ${most}`);
  return count;
};

async function mint(file: string, flags: MintFlags, terminal: Terminal): Promise<void> {
  const tell = (line: string) => {
    progress.clear();
    terminal.stderr.write(`${line}\n`);
  };
  const format = flags.format ?? formatOf(file);
  if (format !== 'csv' && format !== 'ndjson') throw new CliError('--format must be csv or ndjson');
  const client = new Client(connectionOf(flags, terminal), terminal);
  const { journal, resumed } = journalOf(file, flags);
  const list = await openList(file, format, { records: flags.part, bytes: PART_BYTES }, resumed, terminal);
  const progress = new ProgressLine(terminal.stderr, terminal.now, list.size, resumed?.offset ?? 0);
  if (resumed)
    tell(`going on where the last run stopped: ${resumed.counts.minted.toLocaleString('en')} codes are there`);
  const outputs = outputsOf(file, format, flags, resumed, terminal);
  const call = { path: `/v1/links/${encodeURIComponent(flags.link)}/recipients`, query: queryOf(flags) };
  try {
    const summary = await runMint({
      client,
      call,
      list,
      outputs,
      parallel: flags.parallel,
      progress,
      journal,
      resumed,
      tell,
    });
    progress.clear();
    report(summary, outputs, terminal);
  } finally {
    for (const output of Object.values(outputs)) output.close();
  }
}

function queryOf({ by, arms, country, strict }: MintFlags) {
  return { by, arms, country, strict: strict ? 'true' : undefined };
}

/** Only a run from a file into a file can be taken up again. */
function journalOf(file: string, flags: MintFlags): { journal: Journal | null; resumed: Progress | null } {
  if (!flags.out || file === '-') return { journal: null, resumed: null };
  const journal = new Journal(flags.out, requestOf(file, flags.link, flags.by ?? ''));
  if (flags.restart) journal.clear();
  return { journal, resumed: journal.read() };
}

function outputsOf(
  file: string,
  format: string,
  { out, holdout, rejects }: MintFlags,
  resumed: Progress | null,
  terminal: Terminal,
) {
  const beside = (kind: string) => `${file === '-' ? 'onehop' : file.replace(/\.\w+$/, '')}.${kind}.${format}`;
  const written = resumed?.outputs ?? { people: 0, holdout: 0, rejects: 0 };
  return {
    people: out ? new FileOutput(out, written.people) : new StreamOutput(terminal.stdout),
    holdout: new FileOutput(holdout ?? beside('holdout'), written.holdout),
    rejects: new FileOutput(rejects ?? beside('rejects'), written.rejects),
  };
}

/** @throws CliError where rows had faults: the exit status is 0 only where everybody was minted */
function report(summary: Summary, outputs: ReturnType<typeof outputsOf>, { stderr }: Terminal): void {
  const count = (rows: number, noun: string) => `${rows.toLocaleString('en')} ${noun}`;
  const { minted, heldOut, rejected, warnings } = summary;
  const heldOutIn = heldOut > 0 ? ` (${basename(outputs.holdout.path)})` : '';
  stderr.write(
    `${count(minted, 'minted')}, ${count(heldOut, 'held out')}${heldOutIn}, ${count(rejected, 'rejected')}\n`,
  );
  for (const { message } of warnings.values()) stderr.write(`warning: ${message}\n`);
  if (rejected > 0)
    throw new CliError(
      `${count(rejected, rejected === 1 ? 'row has a fault' : 'rows have faults')}: mend them in ${outputs.rejects.path} and mint that file as well`,
    );
}

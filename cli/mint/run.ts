import type { Answer, Client } from '../client.ts';
import { toError } from '../client.ts';
import { type SortedAnswer, sortAnswer } from './answer.ts';
import type { Counts, Journal, Progress } from './journal.ts';
import { type MintCall, mintPart } from './mint-part.ts';
import type { Output } from './outputs.ts';
import { type Part, recordLines, type TooLong } from './parts.ts';
import type { ProgressLine } from './progress-line.ts';
import type { ListSource } from './source.ts';

export interface MintRun {
  readonly client: Client;
  readonly call: MintCall;
  readonly list: ListSource;
  readonly outputs: { readonly people: Output; readonly holdout: Output; readonly rejects: Output };
  /** Parts under way at a time. */
  readonly parallel: number;
  readonly progress: ProgressLine;
  /** Null where the run cannot be taken up again. */
  readonly journal: Journal | null;
  readonly resumed: Progress | null;
  /** Takes a sentence for the person. */
  readonly tell: (line: string) => void;
}

/** What came of a whole run. */
export interface Summary extends Counts {
  readonly faultsTold: number;
  /** Warnings of the API by their code. */
  readonly warnings: ReadonlyMap<string, Warning>;
}

interface Warning {
  readonly count: number;
  readonly message: string;
}

interface Done {
  readonly piece: Part | TooLong;
  readonly answer: Answer | null;
}

const MAX_FAULTS_TOLD = 20;

/**
 * Mints a list: parts are sent several at a time and their answers written in the order of the list, so that no more than
 * those parts are in memory.
 * @throws CliError where the API refuses a part; what was written before stays, and can be gone on from
 */
export async function runMint(run: MintRun): Promise<Summary> {
  const counts: Counts = { minted: 0, heldOut: 0, rejected: 0, ...run.resumed?.counts };
  const state = { counts, faultsTold: 0, warnings: new Map<string, Warning>() };
  const rowsBefore = rowsOf(counts);
  for await (const done of inOrder(run)) {
    await settle(run, state, done);
    run.progress.tell(done.piece.endOffset, rowsOf(counts) - rowsBefore);
    note(run, counts, done.piece);
  }
  run.journal?.clear();
  return { ...counts, faultsTold: state.faultsTold, warnings: state.warnings };
}

const rowsOf = ({ minted, heldOut, rejected }: Counts) => minted + heldOut + rejected;

/** Sends parts as soon as there is room, and gives them out in the order of the list. */
async function* inOrder({ client, call, list, parallel }: MintRun): AsyncGenerator<Done> {
  const under: Promise<Done>[] = [];
  const start = async (piece: Part | TooLong): Promise<Done> => ({
    piece,
    answer: piece.kind === 'part' ? await mintPart(client, call, list, piece) : null,
  });
  for await (const piece of list.parts) {
    const started = start(piece);
    // A part that fails is told of when its turn comes; until then its failure must not end the process.
    started.catch(() => undefined);
    under.push(started);
    if (under.length >= parallel) yield (await under.shift()) as Done;
  }
  for (const next of under) yield await next;
}

type State = { counts: Counts; faultsTold: number; warnings: Map<string, Warning> };

async function settle(run: MintRun, state: State, { piece, answer }: Done): Promise<void> {
  if (piece.kind === 'too-long') return setAside(run, state, piece);
  if (!answer || answer.status >= 400) throw answer ? toError(answer) : new Error('no answer');
  const sorted = sortAnswer(String(answer.body), answer.headers, run.list.format);
  const { people, holdout, rejects } = run.outputs;
  if (sorted.people) await people.write(sorted.header, sorted.people);
  if (sorted.holdout) await holdout.write(sorted.header, sorted.holdout);
  if (sorted.rejects) await rejects.write(sorted.header, sorted.rejects);
  for (const name of ['minted', 'heldOut', 'rejected'] as const) state.counts[name] += sorted.counts[name];
  tellFaults(run, state, piece, sorted);
  gatherWarnings(state, answer.headers);
}

/** A row that fits no request goes to the rejects by its beginning. */
async function setAside({ outputs, tell }: MintRun, state: State, { line, length, beginning }: TooLong): Promise<void> {
  const error = `line ${line}: the row has ${length} bytes, more than a request takes: shorten it, or close its quotes`;
  tell(error);
  state.faultsTold += 1;
  state.counts.rejected += 1;
  await outputs.rejects.write('', `# ${error}\n# ${JSON.stringify(beginning.toString())}\n`);
}

function tellFaults({ tell, list }: MintRun, state: State, part: Part, { faults }: SortedAnswer): void {
  if (faults.length === 0) return;
  const lines = recordLines(part.bytes, list.newScanner(), part.line);
  for (const { row, error } of faults.slice(0, MAX_FAULTS_TOLD - state.faultsTold)) {
    tell(`line ${lines[row]}: ${error}`);
    state.faultsTold += 1;
  }
}

/** Warnings come with each part; of a kind, the numbers add up and the sentence is told once. */
function gatherWarnings({ warnings }: State, headers: Headers): void {
  const text = headers.get('x-onehop-warnings');
  if (!text) return;
  for (const { code, count, message } of JSON.parse(text) as { code: string; count: number; message: string }[]) {
    const total = (warnings.get(code)?.count ?? 0) + count;
    warnings.set(code, { count: total, message: message.replace(/^\d+ /, `${total.toLocaleString('en')} `) });
  }
}

function note({ journal, outputs, ...run }: MintRun, counts: Counts, { endOffset, endLine }: Part | TooLong): void {
  if (!journal || run.list.size === null) return;
  const { people, holdout, rejects } = outputs;
  journal.write({
    offset: endOffset,
    line: endLine,
    outputs: { people: people.bytes, holdout: holdout.bytes, rejects: rejects.bytes },
    counts: { ...counts },
  });
}

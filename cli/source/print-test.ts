import { CliError } from '../cli-error.ts';
import type { Body } from '../client.ts';
import { type OutputOptions, printEntity, printRows } from '../output.ts';
import type { Terminal } from '../terminal.ts';

const HEADING = { made: 'a message made up from the profile', given: 'the message you gave' } as const;

/** Prints how a sample was read. @throws CliError where an item of it would go to quarantine */
export function printTest(result: Body, options: OutputOptions, terminal: Terminal): void {
  if (options.json) printEntity(result, options, terminal);
  else if (options.csv) printRows(fieldsOf(result), options, terminal);
  else printText(result, terminal);
  const faults = (result.items as Body[]).flatMap(({ item, faults }) =>
    (faults as Body[]).map(({ code, message }) => `item ${item}: ${message} (${code})`),
  );
  if (faults.length > 0) throw new CliError('this message would go to quarantine', faults);
}

const fieldsOf = ({ items }: Body): Body[] =>
  (items as Body[]).flatMap(({ item, outcome, fields }) =>
    (fields as Body[]).map((field) => ({ item, outcome, ...field })),
  );

function printText(result: Body, terminal: Terminal): void {
  const { stdout } = terminal;
  const { profile, source, status, sample, request, items, items_total, unread } = result;
  stdout.write(`${source} (${profile}) reads ${HEADING[sample as keyof typeof HEADING]}. Nothing is stored.\n`);
  if (status !== 'active') stdout.write(`The source is ${status}: as it is, messages would be passed over.\n`);
  stdout.write(
    `\n${request.method} ${request.query ? `?${request.query}` : (request.headers['content-type'] ?? '')}\n`,
  );
  for (const item of items as Body[]) printItem(item, terminal);
  if (items_total > items.length) stdout.write(`\nand ${items_total - items.length} more items\n`);
  if (unread.length > 0) stdout.write(`\nNothing was read from: ${unread.join(', ')}\n`);
}

function printItem({ item, outcome, message, fields, notes, conversion }: Body, terminal: Terminal): void {
  const { stdout } = terminal;
  stdout.write(`\nItem ${item}: ${outcome}${message ? `: ${message}` : ''}\n`);
  if (fields.length > 0) printRows(fields, {}, terminal, ['parameter', 'path', 'value']);
  for (const note of notes as Body[]) stdout.write(`note: ${note.message} (${note.code})\n`);
  if (!conversion) return;
  stdout.write('\nIt counts as:\n');
  printEntity(conversion, {}, terminal);
}

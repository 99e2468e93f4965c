import type { Body } from '../client.ts';
import { type OutputOptions, printEntity } from '../output.ts';
import type { Terminal } from '../terminal.ts';

/** Prints a source: its fields, then the steps a person takes in the sender's screens, numbered. */
export function printSource(source: Body, options: OutputOptions, terminal: Terminal): void {
  const { setup: _, ...fields } = source;
  const isText = !options.json && !options.csv;
  printEntity(isText ? fields : source, options, terminal);
  if (isText) printSetup(source, terminal);
}

/** Prints the steps of a source, and what there is to know of the token in its URL. */
export function printSetup({ setup = [], postback_url }: Body, { stdout }: Terminal): void {
  const steps = (setup as string[]).map((step, at) => `  ${String(at + 1).padStart(2)}. ${step}`);
  if (steps.length > 0) stdout.write(`\nWhat to do in the sender’s screens:\n${steps.join('\n')}\n`);
  const token = /\/postbacks\/[^/]+\/([^/?]+)/.exec(decodeURI(postback_url ?? ''))?.[1];
  if (token === undefined) return;
  stdout.write(
    token === '{token}'
      ? '\nThe token in the URL is not kept in clear: where you no longer have it, make a new one with "onehop source token create".\n'
      : '\nThe token in the URL is shown this once: copy the URL now.\n',
  );
}

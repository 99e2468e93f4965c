import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Terminal } from './terminal.ts';

/**
 * A secret out of standard input: its first line. A person at a terminal is told that it is waited for, and does not see it written:
 * a screen has other readers.
 */
export async function secretFromInput({ stdin, stderr }: Pick<Terminal, 'stdin' | 'stderr'>): Promise<string> {
  if (!stdin.isTTY) return firstLine(await text(stdin));
  stderr.write('Type or paste the secret, then press Enter (it is not shown): ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silent, terminal: true });
  try {
    return await new Promise<string>((resolve) => {
      lines.once('line', resolve);
      // Ctrl-C and Ctrl-D: nothing was given
      lines.once('close', () => resolve(''));
    });
  } finally {
    lines.close();
    stderr.write('\n');
  }
}

/** What stands before the first end of a line. */
export const firstLine = (content: string): string => content.split(/\r?\n/, 1)[0] ?? '';

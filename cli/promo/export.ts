import { createWriteStream, renameSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Terminal } from '../terminal.ts';

/** Layouts of an export. `list`: one code a line; `shopify`: CSV with the one column `Code`, as bulk discount apps import it. */
export const EXPORT_FORMATS = ['list', 'shopify'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/**
 * Writes codes one after the other, however many. A file takes its name when it is whole.
 * @returns how many were written
 */
export async function exportCodes(
  codes: AsyncIterable<string>,
  format: ExportFormat,
  out: string | undefined,
  { stdout }: Terminal,
): Promise<number> {
  let count = 0;
  const lines = async function* () {
    if (format === 'shopify') yield 'Code\r\n';
    for await (const code of codes) {
      count += 1;
      yield format === 'shopify' ? `${code}\r\n` : `${code}\n`;
    }
  };
  if (out === undefined) await pipeline(Readable.from(lines()), stdout, { end: false });
  else {
    await pipeline(Readable.from(lines()), createWriteStream(`${out}.part`));
    renameSync(`${out}.part`, out);
  }
  return count;
}

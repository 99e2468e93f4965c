import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { System } from '../../local/system.ts';

const run = promisify(execFile);

/** Puts clicks from log lines back with `onehop replay`, as a person would. @returns what it says */
export async function replay({ apiOrigin, token }: System, lines: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'onehop-'));
  const log = join(folder, 'server.log');
  writeFileSync(log, lines.map((line) => `${line}\n`).join(''));
  const env = { ...process.env, ONEHOP_API: apiOrigin, ONEHOP_TOKEN: token };
  const command = ['--disable-warning=ExperimentalWarning', 'cli/main.ts', 'replay', log];
  const { stdout } = await run(process.execPath, command, { env });
  rmSync(folder, { recursive: true, force: true });
  return stdout;
}

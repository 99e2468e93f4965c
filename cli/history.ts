import type { Command } from 'commander';
import type { HistoryEntry } from '../lambdas/core/history.ts';
import type { Client } from './client.ts';
import { printRows } from './output.ts';
import type { Terminal } from './terminal.ts';

/** The fields of a change in one line: `status "active" → "paused"`. */
export function changesText({ action, changes }: HistoryEntry): string {
  if (action === 'created') return changes.map(({ field, after }) => `${field} ${JSON.stringify(after)}`).join(', ');
  return changes
    .map(({ field, before, after }) => `${field} ${JSON.stringify(before)} → ${JSON.stringify(after)}`)
    .join(', ');
}

/**
 * Adds `history` to a noun: who changed what and when.
 * @param argument name of the id; null for what there is only one of
 */
export function addHistoryCommand(
  noun: Command,
  argument: string | null,
  path: (id: string) => string,
  client: (flags: { stage?: string }) => Client,
  terminal: Terminal,
): void {
  noun
    .command(argument === null ? 'history' : `history <${argument}>`)
    .description('show who changed what and when, the newest first')
    .option('--limit <n>', 'at most this many', Number)
    .action(async (...given: unknown[]) => {
      const self = given.at(-1) as Command;
      const [id = ''] = self.args;
      const flags = self.optsWithGlobals();
      const entries: HistoryEntry[] = await client(flags).list(`${path(id)}/history`, 'history', {}, flags.limit);
      const rows = entries.map((entry) => ({ ...entry, changes: flags.json ? entry.changes : changesText(entry) }));
      printRows(rows, flags, terminal, ['revision', 'at', 'action', 'token_name', 'changes']);
    });
}

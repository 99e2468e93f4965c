import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { type Body, Client } from '../client.ts';
import { type ConnectionOptions, connectionOf } from '../connection.ts';
import { type OutputOptions, printEntity, printRows } from '../output.ts';
import type { Terminal } from '../terminal.ts';

const POLL_MS = 2_000;

const REPLAY_HELP = `
What was counted before is found in the ledger, so nothing counts twice; what is still wrong stays in quarantine, and
the exit status is 1 then.

Examples:
  $ onehop quarantine list --source everflow
  $ onehop quarantine show 4f6d…
  $ onehop source update everflow --events '{"12": "lead"}'
  $ onehop quarantine replay --all --source everflow`;

const DISMISS_HELP = `
They stay in the archive, and "quarantine show" shows them as long as the others; should one be readable after all,
"quarantine replay <id>" counts it.

Example:
  $ onehop quarantine dismiss 4f6d… 81c0…`;

interface Flags extends ConnectionOptions, OutputOptions {
  readonly source?: string;
  readonly reason?: string;
  readonly limit?: string;
  readonly all?: boolean;
}

/** `quarantine list|show|dismiss|replay`: messages that could not be understood. */
export function addQuarantineCommands(program: Command, terminal: Terminal): void {
  const client = (flags: Flags) => new Client(connectionOf(flags, terminal), terminal);
  const quarantine = program.command('quarantine').description('messages of networks and shops that could not be read');
  filtered(quarantine.command('list').description('list messages, those received first at the top'))
    .option('--limit <n>', 'the first n; all if not given')
    .action(async (_: unknown, self: Command) => {
      const flags = self.optsWithGlobals<Flags>();
      const limit = flags.limit === undefined ? undefined : Number(flags.limit);
      const { source, reason } = flags;
      const found = await client(flags).list('/v1/quarantine', 'quarantine', { source, reason }, limit);
      printRows(found, flags, terminal, ['id', 'source_id', 'received_at', 'reasons', 'items', 'replays']);
    });
  quarantine
    .command('show <id>')
    .description('show what came, what is wrong, and how it would be read now; addresses are hidden')
    .action(async (id: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<Flags>();
      show((await client(flags).call('GET', pathOf(id))).body, flags, terminal);
    });
  quarantine
    .command('dismiss <id...>')
    .description('take messages that cannot be mended off the list for good; they are not counted')
    .addHelpText('after', DISMISS_HELP)
    .action(async (ids: readonly string[], _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<Flags>();
      const dismissed: Body[] = [];
      for (const id of ids) dismissed.push((await client(flags).call('DELETE', pathOf(id))).body);
      printRows(dismissed, flags, terminal, ['id', 'source_id', 'reasons', 'dismissed_at', 'dismissed_by']);
    });
  filtered(quarantine.command('replay [id]').description('read messages again, after their source was mended'))
    .option('--all', 'every message, or every one of --source and --reason')
    .addHelpText('after', REPLAY_HELP)
    .action(async (id: string | undefined, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<Flags>();
      await (id === undefined ? replayAll : replayOne)(client(flags), flags, terminal, id ?? '');
    });
}

const filtered = (command: Command) =>
  command
    .option('--source <id>', 'only messages of this source')
    .option('--reason <code>', 'only messages with this reason, such as unknown_event');

const pathOf = (id: string) => `/v1/quarantine/${encodeURIComponent(id)}`;

function show(body: Body, flags: Flags, terminal: Terminal): void {
  if (flags.json || flags.csv) printEntity(body, flags, terminal);
  else showText(body, flags, terminal);
}

function showText(body: Body, flags: Flags, terminal: Terminal): void {
  const { faults, raw, now, ...head } = body;
  printEntity({ ...head, ...raw }, flags, terminal);
  terminal.stdout.write('\nwhat is wrong\n');
  for (const { item, faults: found } of faults)
    for (const { code, message } of found) terminal.stdout.write(`  item ${item}: ${code}: ${message}\n`);
  terminal.stdout.write('\nhow it is read now\n');
  for (const { item, outcome, reason, message: why, fields, notes } of now ?? []) {
    terminal.stdout.write(`  item ${item}: ${outcome}${why ? `: ${why} (${reason})` : ''}\n`);
    for (const { parameter, path, value } of fields)
      terminal.stdout.write(`    ${parameter} = ${value}   (from ${path})\n`);
    for (const { code, message } of notes) terminal.stdout.write(`    note: ${message} (${code})\n`);
  }
}

async function replayOne(client: Client, flags: Flags, terminal: Terminal, id: string): Promise<void> {
  const { body } = await client.call('POST', `${pathOf(id)}/replay`);
  printEntity(body, flags, terminal);
  if (body.status === 'replayed') return;
  const place = body.dismissed_at ? 'dismissed' : 'in quarantine';
  const why = body.message ?? (body.status === 'failed' ? 'it could not be tried: run this again' : '');
  const codes = body.reasons.join(', ');
  throw new CliError(`${id} stays ${place}: ${why && codes ? `${why} (${codes})` : why || codes}`);
}

async function replayAll(client: Client, flags: Flags, terminal: Terminal): Promise<void> {
  if (!flags.all) throw new CliError('say which message, or --all with or without --source and --reason');
  const { source, reason } = flags;
  // With a key, a call that is repeated after a broken connection goes on with its run.
  const headers = { 'idempotency-key': randomUUID() };
  let { body } = await client.call('POST', '/v1/quarantine/replay', { body: { source, reason }, headers });
  for (;;) {
    const { run, replayed, quarantined, failed } = body;
    if (run.status === 'done') break;
    terminal.stderr.write(`${replayed} replayed, ${quarantined} still wrong, ${failed} failed so far\n`);
    await terminal.sleep(POLL_MS);
    ({ body } = await client.call('GET', run.location));
  }
  const { run: _, failed_because, ...counts } = body;
  printEntity(flags.json ? { ...counts, failed_because } : counts, flags, terminal);
  const left = [
    ...(counts.failed > 0 ? untried(counts.failed, failed_because) : []),
    ...(counts.quarantined > 0 ? [`${counts.quarantined} are still wrong: "onehop quarantine list" says why`] : []),
  ];
  if (left.length > 0) throw new CliError('not every message counts', left);
}

/** Why messages could not be tried: their sources are stopped, or something failed that may pass. */
function untried(failed: number, because: readonly Body[]): string[] {
  if (because.length === 0) return [`${failed} could not be tried: run this again`];
  return [`${failed} could not be tried`, ...because.map(({ source_id, message }) => `${source_id}: ${message}`)];
}

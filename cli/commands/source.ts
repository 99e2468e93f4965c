import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import type { Client } from '../client.ts';
import { printEntity, printRows } from '../output.ts';
import { printSetup } from '../source/print.ts';
import { printTest } from '../source/print-test.ts';
import type { Terminal } from '../terminal.ts';

type MakeClient = (flags: { stage?: string }) => Client;

const TEST_HELP = `
Nothing is stored or counted, and no signature is asked for. Without --query and --body a message is made up from the
profile: the generated URL with its macros filled in, or a small order, with the id of a click a minute ago. The exit
status is 1 where the message would go to quarantine.

Examples:
  $ onehop source test everflow
  $ onehop source test everflow --query 'sub1=…&transaction_id=ab12&payout=20.00&event_id=0'
  $ onehop source test shop --body order.json --header 'x-shopify-topic: orders/paid'`;

const EVENT_COLUMNS = [
  'received_at',
  'event',
  'txn_id',
  'order_id',
  'outcome',
  'reason',
  'parameter',
  'conversion_id',
  'duplicate_of',
  'message',
];

/** `source test`, `source events` and `source token`: what a sender's messages come to, and what proves that they are its. */
export function addSourceCommands(source: Command, client: MakeClient, terminal: Terminal): void {
  source
    .command('test <id>')
    .description('read a sample as the source would, and show how each field was read')
    .option('--query <a=b&…>', 'what stands behind the ? of the URL')
    .option('--body <file>', 'file that holds the body; standard input with -')
    .option('--header <name: value>', 'a header; once for each', (one: string, all: string[]) => [...all, one], [])
    .addHelpText('after', TEST_HELP)
    .action(async (id: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const { query, header } = flags;
      const body = flags.body === undefined ? undefined : await contentOf(flags.body, terminal);
      const sample = { query: query?.replace(/^\?/, ''), body, headers: headersOf(header) };
      printTest((await client(flags).call('POST', `${path(id)}/test`, { body: sample })).body, flags, terminal);
    });
  source
    .command('events <id>')
    .description('list what became of its messages, the newest first; kept 30 days')
    .option('--outcome <outcome>', 'only items of which this became, such as adjusted')
    .option('--reason <code>', 'only items with this reason, such as order_of_another_source')
    .option('--limit <n>', 'at most this many', Number, 50)
    .action(async (id: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const { outcome, reason, limit } = flags;
      const events = await client(flags).list(`${path(id)}/events`, 'events', { outcome, reason }, limit);
      printRows(events, flags, terminal, EVENT_COLUMNS);
    });
  addTokenCommands(
    source.command('token').description('tokens of the postback URL: two are valid at once'),
    client,
    terminal,
  );
}

function addTokenCommands(token: Command, client: MakeClient, terminal: Terminal): void {
  token
    .command('create <id>')
    .description(
      'make a token, shown this once; it is valid beside the one there is. Where two are valid, revoke one first',
    )
    .addHelpText('after', '\nExample:\n  $ onehop source token create everflow')
    .action(async (id: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const { body } = await client(flags).call('POST', `${path(id)}/tokens`);
      if (flags.json || flags.csv) return printEntity(body, flags, terminal);
      printEntity({ id: body.id, token: body.token, postback_url: body.postback_url }, flags, terminal);
      printSetup(body, terminal);
    });
  token
    .command('list <id>')
    .description('list tokens, without their texts')
    .action(async (id: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const { body } = await client(flags).call('GET', `${path(id)}/tokens`);
      printRows(body.tokens, flags, terminal, ['id', 'created_at']);
    });
  token
    .command('revoke <id> <token_id>')
    .description('take a token away: postbacks that carry it are refused from then on')
    .action(async (id: string, tokenId: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const { body } = await client(flags).call('DELETE', `${path(id)}/tokens/${encodeURIComponent(tokenId)}`);
      printRows(body.tokens, flags, terminal, ['id', 'created_at']);
    });
}

const path = (id: string) => `/v1/sources/${encodeURIComponent(id)}`;

/** @throws CliError */
async function contentOf(file: string, { stdin }: Terminal): Promise<string> {
  try {
    return file === '-' ? await text(stdin) : readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
}

/** @throws CliError with every header that is none */
function headersOf(lines: readonly string[]): Record<string, string> {
  const bad = lines.filter((line) => !/^[^\s:]+:/.test(line));
  if (bad.length > 0) throw new CliError('a header is "name: value"', bad);
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
}

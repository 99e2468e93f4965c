import type { Command } from 'commander';
import { linkInput } from '../../lambdas/core/entities/link.ts';
import { Client } from '../client.ts';
import { connectionOf } from '../connection.ts';
import { addFieldFlags, bodyFromFlags } from '../fields.ts';
import { guardedUpdate } from '../guarded-update.ts';
import { addHistoryCommand } from '../history.ts';
import { addFilterFlags, linkFilters } from '../link-filters.ts';
import { printEntity, printRows } from '../output.ts';
import { settleSiblings } from '../siblings.ts';
import type { Terminal } from '../terminal.ts';
import { addLinkCsv } from './link-csv.ts';
import { addLinkTools } from './link-tools.ts';

const COLUMNS = [
  'link_no',
  'url',
  'status',
  'campaign_id',
  'message_id',
  'creative',
  'segment',
  'destination',
  'offer_id',
];

const EXAMPLE = `
Examples:
  $ onehop link create --destination 'https://shop.example/sale?cid={click_id}' --slug summer
  $ onehop link create --offer-id shoes --campaign-id summer_sale --creative v2 --tags test,june
  $ echo '{"destination":"https://shop.example/","forward_query":true}' | onehop link create --file -`;

/** `link`: create, clone, update, show, list, history, qr, check, export, import, pause, resume, archive. */
export function addLinkCommands(program: Command, terminal: Terminal): void {
  const command = program.command('link').description('work with links');
  const client = (flags: { stage?: string }) => new Client(connectionOf(flags, terminal), terminal);
  const path = (linkNo: string) => `/v1/links/${encodeURIComponent(linkNo)}`;

  addFieldFlags(command.command('create').description('create a link and print its URL'), linkInput)
    .option('--idempotency-key <key>', 'run the creation once for this key')
    .addHelpText('after', EXAMPLE)
    .action(async (_: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const body = await bodyFromFlags(flags, linkInput, terminal);
      const headers = flags.idempotencyKey ? { 'idempotency-key': flags.idempotencyKey as string } : {};
      printEntity((await client(flags).call('POST', '/v1/links', { body, headers })).body, flags, terminal);
    });

  addFieldFlags(command.command('clone <link_no>').description('make another link like this one'), linkInput)
    .option('--idempotency-key <key>', 'run the creation once for this key')
    .addHelpText('after', '\nExample:\n  $ onehop link clone 4194304 --slug summer-2 --creative v3')
    .action(async (linkNo: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const body = await bodyFromFlags(flags, linkInput, terminal);
      const headers = flags.idempotencyKey ? { 'idempotency-key': flags.idempotencyKey as string } : {};
      printEntity((await client(flags).call('POST', `${path(linkNo)}/clone`, { body, headers })).body, flags, terminal);
    });

  addFieldFlags(command.command('update <link_no>').description('change fields of a link; null clears one'), linkInput)
    .option('--if-revision <n>', 'only where it has not changed since this revision of its history')
    .action(async (linkNo: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const body = await bodyFromFlags(flags, linkInput, terminal);
      printEntity(await guardedUpdate(client(flags), path(linkNo), body, flags.ifRevision), flags, terminal);
    });
  addHistoryCommand(command, 'link_no', path, client, terminal);
  addLinkTools(command, client, terminal);
  addLinkCsv(command, client, terminal);

  command
    .command('show <link_no>')
    .description('show a link')
    .action(async (linkNo: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      printEntity((await client(flags).call('GET', path(linkNo))).body, flags, terminal);
    });

  addFilterFlags(command.command('list').description('list links'))
    .option('--limit <n>', 'at most this many', Number)
    .action(async (_: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      printRows(
        await client(flags).list('/v1/links', 'links', linkFilters(flags), flags.limit),
        flags,
        terminal,
        COLUMNS,
      );
    });

  for (const [verb, status] of Object.entries({ pause: 'paused', resume: 'active', archive: 'archived' }))
    command
      .command(`${verb} <link_no>`)
      .description(`${verb} a link; every edge obeys within 30 seconds`)
      .option('--siblings', 'and the links that mints with --by made beside it')
      .action(async (linkNo: string, _: unknown, self: Command) => {
        const flags = self.optsWithGlobals();
        const { body } = await client(flags).call('PATCH', path(linkNo), { body: { status } });
        if (body.personal) {
          const told = await settleSiblings(client(flags), linkNo, status, flags.siblings === true);
          if (told) terminal.stderr.write(`${told}\n`);
        }
        printEntity(body, flags, terminal);
      });
}

import type { Command } from 'commander';
import { linkInput } from '../../lambdas/core/entities/link.ts';
import { Client } from '../client.ts';
import { connectionOf } from '../connection.ts';
import { addFieldFlags, bodyFromFlags } from '../fields.ts';
import { printEntity, printRows } from '../output.ts';
import type { Terminal } from '../terminal.ts';

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

/** `link`: create, update, show, list, pause, resume, archive. */
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

  addFieldFlags(
    command.command('update <link_no>').description('change fields of a link; null clears one'),
    linkInput,
  ).action(async (linkNo: string, _: unknown, self: Command) => {
    const flags = self.optsWithGlobals();
    const body = await bodyFromFlags(flags, linkInput, terminal);
    printEntity((await client(flags).call('PATCH', path(linkNo), { body })).body, flags, terminal);
  });

  command
    .command('show <link_no>')
    .description('show a link')
    .action(async (linkNo: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      printEntity((await client(flags).call('GET', path(linkNo))).body, flags, terminal);
    });

  command
    .command('list')
    .description('list links')
    .option('--campaign-id <id>', 'only links of this campaign')
    .option('--status <status>', 'active|paused|archived')
    .option('--tag <tag>', 'only links with this tag')
    .option('--q <text>', 'text in name, external id, slug or destination')
    .option('--limit <n>', 'at most this many', Number)
    .action(async (_: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const query = { campaign_id: flags.campaignId, status: flags.status, tag: flags.tag, q: flags.q };
      printRows(await client(flags).list('/v1/links', 'links', query, flags.limit), flags, terminal, COLUMNS);
    });

  for (const [verb, status] of Object.entries({ pause: 'paused', resume: 'active', archive: 'archived' }))
    command
      .command(`${verb} <link_no>`)
      .description(`${verb} a link; every edge obeys within 30 seconds`)
      .action(async (linkNo: string, _: unknown, self: Command) => {
        const flags = self.optsWithGlobals();
        printEntity((await client(flags).call('PATCH', path(linkNo), { body: { status } })).body, flags, terminal);
      });
}

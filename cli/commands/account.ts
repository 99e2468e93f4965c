import type { Command } from 'commander';
import { settingsInput } from '../../lambdas/core/entities/settings.ts';
import { tokenInput } from '../../lambdas/core/entities/token.ts';
import { Client } from '../client.ts';
import { connectionOf } from '../connection.ts';
import { addFieldFlags, bodyFromFlags } from '../fields.ts';
import { addHistoryCommand } from '../history.ts';
import { printEntity, printRows } from '../output.ts';
import type { Terminal } from '../terminal.ts';

/** `settings` and `token`: what belongs to the account. */
export function addAccountCommands(program: Command, terminal: Terminal): void {
  const client = (flags: { stage?: string }) => new Client(connectionOf(flags, terminal), terminal);
  addSettings(program, terminal, client);
  addTokens(program, terminal, client);
}

type ClientOf = (flags: { stage?: string }) => Client;

function addSettings(program: Command, terminal: Terminal, client: ClientOf): void {
  const settings = program.command('settings').description('the account’s settings');
  settings
    .command('show')
    .description('show the settings')
    .action(async (_: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      printEntity((await client(flags).call('GET', '/v1/settings')).body, flags, terminal);
    });
  addFieldFlags(settings.command('update').description('change settings; null goes back to the default'), settingsInput)
    .addHelpText('after', '\nExample:\n  $ onehop settings update --time-zone Europe/Berlin --ip-policy truncate')
    .action(async (_: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const body = await bodyFromFlags(flags, settingsInput, terminal);
      printEntity((await client(flags).call('PATCH', '/v1/settings', { body })).body, flags, terminal);
    });
  addHistoryCommand(settings, null, () => '/v1/settings', client, terminal);
}

function addTokens(program: Command, terminal: Terminal, client: ClientOf): void {
  const token = program.command('token').description('tokens of the HTTP API');
  addFieldFlags(token.command('create').description('make a token; its text is shown this once'), tokenInput)
    .addHelpText('after', '\nExample:\n  $ onehop token create --name dashboard --scopes read')
    .action(async (_: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const body = await bodyFromFlags(flags, tokenInput, terminal);
      printEntity((await client(flags).call('POST', '/v1/tokens', { body })).body, flags, terminal);
    });
  token
    .command('list')
    .description('list tokens')
    .action(async (_: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      printRows(await client(flags).list('/v1/tokens', 'tokens', {}), flags, terminal, [
        'id',
        'name',
        'scopes',
        'status',
        'created_at',
      ]);
    });
  token
    .command('archive <id>')
    .alias('revoke')
    .description('revoke a token')
    .action(async (id: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      printEntity((await client(flags).call('DELETE', `/v1/tokens/${encodeURIComponent(id)}`)).body, flags, terminal);
    });
}

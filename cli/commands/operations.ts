import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Command } from 'commander';
import { DynamoTable } from '../../lambdas/adapters/dynamo-table.ts';
import { createToken } from '../../lambdas/adapters/token-store.ts';
import { HOME_REGION } from '../../lambdas/contract/outputs.ts';
import { SCOPES } from '../../lambdas/core/entities/token.ts';
import { CliError } from '../cli-error.ts';
import { Client } from '../client.ts';
import { type Connection, connectionOf, loginFile, readLogins } from '../connection.ts';
import { printRows } from '../output.ts';
import { outputsOf } from '../stage.ts';
import type { Terminal } from '../terminal.ts';

/** `login`, `doctor` and `open`: getting to work with a deployment. */
export function addOperationCommands(program: Command, terminal: Terminal): void {
  program
    .command('login')
    .description('make the first token of a stage with your AWS credentials, and keep it on this machine')
    .addHelpText('after', '\nExample:\n  $ onehop login --stage prod')
    .action(async (_: unknown, self: Command) => {
      const { stage } = self.optsWithGlobals();
      if (!stage) throw new CliError('name the stage: "onehop login --stage prod"; the local mode needs no login');
      const outputs = await outputsOf(stage);
      const { token } = await firstToken(outputs.LedgerTableName, terminal);
      storeLogin(stage, { api: outputs.ApiUrl, token }, terminal);
      terminal.stdout.write(`logged in to ${stage}: ${outputs.ApiUrl}, token kept in ${loginFile(terminal)}\n`);
    });

  program
    .command('doctor')
    .description('check that this machine can talk to a deployment, step by step')
    .action(async (_: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const findings = await examine(connectionOf(flags, terminal), terminal);
      printRows(findings, flags, terminal);
      if (findings.some(({ ok }) => !ok)) throw new CliError('something is wrong: see above');
    });

  program
    .command('open [link_no]')
    .description('open the short URL of a link, or the API description, in a browser')
    .action(async (linkNo: string | undefined, _: unknown, self: Command) => {
      const connection = connectionOf(self.optsWithGlobals(), terminal);
      const url = linkNo ? await urlOf(linkNo, connection, terminal) : `${connection.api}/openapi.json`;
      terminal.stdout.write(`${url}\n`);
      openBrowser(url);
    });
}

async function firstToken(table: string, { now }: Terminal) {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: HOME_REGION }));
  try {
    return await createToken(
      new DynamoTable(client, table),
      { name: 'onehop login', scopes: SCOPES },
      now(),
      randomBytes,
    );
  } finally {
    client.destroy();
  }
}

function storeLogin(stage: string, login: Connection, terminal: Terminal): void {
  const file = loginFile(terminal);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify({ ...readLogins(terminal), [stage]: login }, null, 2)}\n`, { mode: 0o600 });
}

interface Finding {
  readonly [name: string]: unknown;
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

async function examine(connection: Connection, terminal: Terminal): Promise<Finding[]> {
  const client = new Client(connection, terminal);
  const finding = async (check: string, path: string, detail: (body: never) => string): Promise<Finding> => {
    try {
      return { check, ok: true, detail: detail((await client.call('GET', path)).body as never) };
    } catch (error) {
      return { check, ok: false, detail: (error as Error).message };
    }
  };
  return [
    await finding('API answers', '/health', () => connection.api),
    await finding(
      'token is valid',
      '/v1/settings',
      ({ ip_policy, time_zone }: Record<string, string>) => `time zone ${time_zone}, IP policy ${ip_policy}`,
    ),
    await finding('links can be read', '/v1/links?limit=1', ({ links }: { links: unknown[] }) =>
      links.length > 0 ? 'there are links' : 'there are no links yet',
    ),
    await finding('reports run', '/v1/reports/clicks?limit=1', () => 'the clicks report answers'),
  ];
}

async function urlOf(linkNo: string, connection: Connection, terminal: Terminal): Promise<string> {
  const { body } = await new Client(connection, terminal).call('GET', `/v1/links/${encodeURIComponent(linkNo)}`);
  if (!body.url) throw new CliError(`link ${linkNo} is personal: its codes differ from person to person`);
  return body.url;
}

/** Best effort: where no browser can be opened the URL has been printed. */
function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start'] : ['xdg-open'];
  const child = spawn(command ?? 'xdg-open', [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

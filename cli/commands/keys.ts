import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Command } from 'commander';
import { KEY_REFRESH_MS } from '../../lambdas/adapters/edge/key-store.ts';
import { HOME_REGION } from '../../lambdas/contract/outputs.ts';
import { addKey, describeKeys, type KeyDescription, removeKey } from '../../lambdas/core/key-rotation.ts';
import { CliError } from '../cli-error.ts';
import { Client } from '../client.ts';
import { type ConnectionOptions, connectionOf, dataFolder } from '../connection.ts';
import type { EdgeSecret } from '../keys/edge-secret.ts';
import { KeyFile } from '../keys/key-file.ts';
import { keyUsers, retirementWarnings } from '../keys/key-users.ts';
import { StageSecret } from '../keys/stage-secret.ts';
import { type OutputOptions, printRows } from '../output.ts';
import { outputsOf } from '../stage.ts';
import type { Terminal } from '../terminal.ts';

/** Two refreshes: an instance that misses one still knows the key before it mints. */
const LEAD_MS = 2 * KEY_REFRESH_MS;
/** 48 bytes are 64 characters of base64url. */
const KEY_BYTES = 48;

const HELP = `
The keys of codes, promo codes and click ids. Links and campaigns keep the key their codes were made with, so a rotation
changes no code that was given out. The keys of identities, experiments and sources (the home secret) are never rotated:
everything stored under them would have to be hashed anew.

Examples:
  $ onehop keys list
  $ onehop keys rotate --stage prod
  $ onehop keys retire 1 --stage prod --yes`;

/** `keys`: what signs and reads codes; with `--stage` by the caller's own AWS credentials, else on the local key file. */
export function addKeyCommands(program: Command, terminal: Terminal): void {
  const keys = program.command('keys').description('keys of codes and click ids').addHelpText('after', HELP);
  keys
    .command('list')
    .description('which keys there are and what they do; never a key itself')
    .action(async (_: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const secret = await withSecret(flags, terminal, (store) => store.read());
      printRows(describeKeys(secret, terminal.now()).map(rowOf), flags, terminal);
    });
  keys
    .command('rotate')
    .description('add a key, which mints ten minutes from now')
    .action(async (_: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const key = randomBytes(KEY_BYTES).toString('base64url');
      const rotate = (secret: string) => addKey(secret, { key, now: terminal.now(), leadMs: LEAD_MS });
      const { secret } = await withSecret(flags, terminal, (store) => store.change(rotate));
      printRows(describeKeys(secret, terminal.now()).map(rowOf), flags, terminal);
    });
  keys
    .command('retire <id>')
    .description('take an old key away for good; says first what stops working')
    .option('--yes', 'do it')
    .action(async (id: string, _: unknown, self: Command) => retire(Number(id), self.optsWithGlobals(), terminal));
}

async function retire(
  id: number,
  flags: ConnectionOptions & OutputOptions & { yes?: boolean },
  terminal: Terminal,
): Promise<void> {
  await withSecret(flags, terminal, async (store) => {
    const remove = (secret: string) => ({ secret: removeKey(secret, id, terminal.now()) });
    remove(await store.read());
    const users = await keyUsers(id, new Client(connectionOf(flags, terminal), terminal));
    const warnings = retirementWarnings(id, users);
    if (!flags.yes) throw new CliError(`nothing was changed; add --yes to retire key ${id}:`, warnings);
    const { secret } = await store.change(remove);
    terminal.stderr.write(`${warnings.map((line) => `onehop: ${line}\n`).join('')}`);
    printRows(describeKeys(secret, terminal.now()).map(rowOf), flags, terminal);
  });
}

function rowOf({ id, state, from, fingerprint }: KeyDescription) {
  return { id, state, mints_from: from === 0 ? null : new Date(from).toISOString(), fingerprint };
}

async function withSecret<T>(
  { stage }: ConnectionOptions,
  terminal: Terminal,
  run: (secret: EdgeSecret) => Promise<T>,
): Promise<T> {
  if (!stage) return run(new KeyFile(join(dataFolder(terminal), 'keys.json')));
  const { EdgeSecretArn } = await outputsOf(stage);
  const client = new SecretsManagerClient({ region: HOME_REGION });
  try {
    return await run(new StageSecret(client, EdgeSecretArn));
  } finally {
    client.destroy();
  }
}

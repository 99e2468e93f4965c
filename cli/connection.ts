import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError } from './cli-error.ts';
import type { Terminal } from './terminal.ts';

/** Options that say which deployment a command talks to. */
export interface ConnectionOptions {
  readonly stage?: string;
}

export interface Connection {
  readonly api: string;
  readonly token: string;
}

interface Login {
  readonly api: string;
  readonly token: string;
}

const LOCAL_API_PORT = '8787';
const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Folder of the local mode's data. */
export function dataFolder({ env }: Terminal): string {
  return env.ONEHOP_DATA ?? join(PROJECT, '.onehop');
}

/** File in which `login` keeps the tokens of the stages, readable by its owner only. */
export function loginFile({ env }: Terminal): string {
  return join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'onehop', 'logins.json');
}

/** All stored logins by stage. */
export function readLogins(terminal: Terminal): Record<string, Login> {
  const file = loginFile(terminal);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Login>) : {};
}

/**
 * API and token to use: those of the stage that was named, else of the environment, else of the local mode.
 * @throws CliError that says how to get a token
 */
export function connectionOf({ stage }: ConnectionOptions, terminal: Terminal): Connection {
  if (stage) return stageConnection(stage, terminal);
  const token = terminal.env.ONEHOP_TOKEN ?? localToken(terminal);
  if (!token)
    throw new CliError(
      'there is no token: start the local mode with "npm start", or set ONEHOP_TOKEN, or name a stage with --stage',
    );
  return { api: originOf({}, terminal), token };
}

/** Origin of the API, for what needs no token. @throws CliError where the stage is not known on this machine */
export function originOf({ stage }: ConnectionOptions, terminal: Terminal): string {
  if (stage) return stageConnection(stage, terminal).api;
  const { ONEHOP_API, ONEHOP_API_PORT = LOCAL_API_PORT } = terminal.env;
  return ONEHOP_API ?? `http://localhost:${ONEHOP_API_PORT}`;
}

/** A stage that was named wins over the environment: a forgotten variable must not send its token elsewhere. */
function stageConnection(stage: string, terminal: Terminal): Connection {
  const login = readLogins(terminal)[stage];
  if (login) return login;
  throw new CliError(
    `you are not logged in to stage ${stage}: run "npx onehop login --stage ${stage}" with AWS credentials`,
  );
}

function localToken(terminal: Terminal): string | undefined {
  const file = join(dataFolder(terminal), 'token');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

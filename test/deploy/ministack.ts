import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** An AWS emulator in Python, without Docker; it deploys templates and enforces the policies of functions' roles. */
const PACKAGE = 'ministack[full]==1.5.33';
const CACHE = join(tmpdir(), 'onehop-ministack-1.5.33');
const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const START_MS = 30_000;

export const ACCOUNT = '000000000000';

/** The interpreter to use, or null where there is none. */
export function findPython(): string | null {
  const works = (name: string) =>
    spawnSync(name, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 10))'], { stdio: 'ignore' }).status === 0;
  return ['python3', 'python'].find(works) ?? null;
}

/** Installs the emulator once, into a folder beside other temporary files. */
export function installEmulator(python: string): string {
  const bin = join(CACHE, 'venv', 'bin');
  if (!existsSync(join(bin, 'ministack'))) {
    mkdirSync(CACHE, { recursive: true });
    run(python, ['-m', 'venv', join(CACHE, 'venv')]);
    run(join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', PACKAGE]);
  }
  return join(bin, 'ministack');
}

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`"${command} ${args.join(' ')}" failed; its message is above`);
}

/** A running emulator with a state of its own. */
export interface Emulator {
  readonly endpoint: string;
  readonly port: number;
  readonly log: string;
  /** Environment in which the CDK CLI and SDK clients talk to it. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** Starts the emulator with IAM enforced, on a port nobody uses. */
export async function startEmulator(program: string): Promise<Emulator> {
  const folder = mkdtempSync(join(tmpdir(), 'onehop-deploy-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const log = join(folder, 'emulator.log');
  const out = openSync(log, 'w');
  // Detached: the functions it runs are its children and have to end with it.
  const child = spawn(program, [], { detached: true, stdio: ['ignore', out, out], env: emulatorEnv(folder, port) });
  await untilUp(child, endpoint, log);
  const env = { ...process.env, ...credentials, AWS_ENDPOINT_URL: endpoint, AWS_ENDPOINT_URL_S3: endpoint };
  return { endpoint, port, log, env, stop: () => stop(child, folder) };
}

const credentials = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
};

function emulatorEnv(folder: string, port: number): NodeJS.ProcessEnv {
  const folders = { STATE_DIR: join(folder, 'state'), S3_DATA_DIR: join(folder, 's3'), TMPDIR: join(folder, 'tmp') };
  for (const path of Object.values(folders)) mkdirSync(path);
  return {
    ...process.env,
    ...credentials,
    ...folders,
    // Functions run on the first node of the path, whatever their runtime says.
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    NODE_PATH: MODULES,
    AUTH: 'true',
    LAMBDA_EXECUTOR: 'local',
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    IOT_MTLS_ENABLED: '0',
  };
}

async function untilUp(child: ChildProcess, endpoint: string, log: string): Promise<void> {
  const until = Date.now() + START_MS;
  while (Date.now() < until && child.exitCode === null) {
    if (await fetch(endpoint).catch(() => null)) return;
    await sleep(100);
  }
  throw new Error(`the emulator did not start; see ${log}`);
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-child.pid, 'SIGTERM');
    const tooLong = sleep(5_000, undefined, { ref: false }).then(
      () => child.pid && process.kill(-child.pid, 'SIGKILL'),
    );
    await Promise.race([gone, tooLong]);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

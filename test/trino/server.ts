import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const URL_OF = (port: string) => `http://127.0.0.1:${port}`;

/** A server to test on, and how to leave it. */
export interface Server {
  readonly url: string;
  /** Stops it where this run started it. */
  readonly leave: () => void;
}

/**
 * The Trino of folder TRINO_DIR (`trino-run.sh start|stop|status`, port TRINO_PORT); null where there is none.
 * @throws Error where it does not start
 */
export function findServer(environment: NodeJS.ProcessEnv): Server | null {
  const script = join(trinoDir(environment), 'trino-run.sh');
  if (!existsSync(script)) return null;
  const url = URL_OF(environment.TRINO_PORT ?? '8089');
  if (control(script, 'status') === 0) return { url, leave: () => {} };
  process.stdout.write('starting Trino …\n');
  if (control(script, 'start') !== 0) throw new Error(`Trino did not start; see the log in ${trinoDir(environment)}`);
  return { url, leave: () => control(script, 'stop') };
}

/** Folder a Trino is looked for in. */
export function trinoDir(environment: NodeJS.ProcessEnv): string {
  return environment.TRINO_DIR ?? join(tmpdir(), 'trino');
}

function control(script: string, verb: string): number | null {
  return spawnSync('bash', [script, verb], { stdio: ['ignore', 'ignore', 'inherit'] }).status;
}

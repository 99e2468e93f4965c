import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { startSystem } from '../../local/system.ts';
import { runOnehop } from './run.ts';

/** A local system of its own, and the command line that talks to it. */
export async function startLocal() {
  const dataDir = mkdtempSync(join(tmpdir(), 'onehop-cli-'));
  const system = await startSystem({ dataDir, flushMs: 60_000, write: () => {} });
  const env = {
    ...process.env,
    ONEHOP_API: system.apiOrigin,
    ONEHOP_DATA: dataDir,
    XDG_CONFIG_HOME: join(dataDir, 'config'),
    ONEHOP_TOKEN: undefined,
  };
  const onehop = (args: readonly string[], input?: string) => runOnehop(args, env, input);
  return {
    system,
    onehop,
    json: async (...args: string[]) => JSON.parse((await onehop([...args, '--json'])).out),
    close: async () => {
      await system.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

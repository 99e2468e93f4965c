import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The project's own CDK CLI: the one the registry calls latest cannot read this library's output. */
export const CDK = fileURLToPath(import.meta.resolve('aws-cdk/bin/cdk'));

/** Runs the CDK CLI in the project's folder, in the same terminal. Resolves with its exit code. */
export function cdk(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [CDK, ...args], { cwd: ROOT, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Names the stage to bin/app.ts, where one was given. */
export function stageContext(stage?: string): string[] {
  return stage === undefined ? [] : ['--context', `stage=${stage}`];
}

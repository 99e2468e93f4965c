import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CDK } from '../../bin/cdk.ts';
import { findStack } from '../../bin/kept.ts';
import type { StackOutput } from '../../lambdas/contract/outputs.ts';
import { stackName } from '../../lib/config/names.ts';
import { STAGE, synthesise, type Variation } from './assembly.ts';
import { clientOptions } from './clients.ts';
import { ACCOUNT, type Emulator } from './ministack.ts';

export type Outputs = Readonly<Record<StackOutput, string>>;

/** Makes the bucket for assets. */
export function bootstrap(emulator: Emulator): void {
  cdk(emulator, ['bootstrap', `aws://${ACCOUNT}/us-east-1`]);
}

/** Deploys the stage and returns what its stack says. */
export async function deploy(emulator: Emulator, variation?: Variation): Promise<Outputs> {
  withAssembly((app) => cdk(emulator, ['deploy', '--all', '--app', app, '--require-approval', 'never']), variation);
  const stack = await deployedStack(emulator);
  if (!stack) throw new Error('the stack is not there after its deployment');
  return Object.fromEntries((stack.Outputs ?? []).map((o) => [o.OutputKey, o.OutputValue])) as Outputs;
}

/** Destroys the stage, as `npm run destroy` does. */
export async function destroy(emulator: Emulator): Promise<void> {
  withAssembly((app) => cdk(emulator, ['destroy', '--all', '--app', app, '--force']));
  if (await deployedStack(emulator)) throw new Error('the stack is still there after it was destroyed');
}

export function deployedStack(emulator: Emulator) {
  return findStack(new CloudFormationClient(clientOptions(emulator)), stackName(STAGE));
}

function withAssembly(use: (app: string) => void, variation?: Variation): void {
  const app = mkdtempSync(join(tmpdir(), 'onehop-assembly-'));
  try {
    synthesise(app, variation);
    use(app);
  } finally {
    rmSync(app, { recursive: true, force: true });
  }
}

function cdk({ env, log }: Emulator, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CDK, ...args, '--ci'], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`cdk ${args[0]} failed:\n${stdout}\n${stderr}\nThe emulator says:\n${tail(log)}`);
}

/** Last lines of a log. */
function tail(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-25).join('\n');
}

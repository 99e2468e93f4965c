import process from 'node:process';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { HOME_REGION, stackName } from '../lib/config/names.ts';
import { accountId } from './account.ts';
import { cdk, stageContext } from './cdk.ts';
import { ADOPT_FILE, loadConfig } from './config.ts';
import { adoptOf, describeKept, findStack, noteKept } from './kept.ts';
import { main, readOptions, UserError } from './options.ts';

/** `npm run destroy`: says what stays, notes how to take it up again, and deletes the stacks of a stage. */
await main(async () => {
  const { stage: named, yes } = readOptions();
  const { stage } = await loadConfig(named);
  await accountId();
  const client = new CloudFormationClient({ region: HOME_REGION });
  const name = stackName(stage);
  const stack = await findStack(client, name);
  if (!stack) throw new UserError(`there is no stack ${name} in ${HOME_REGION}, so nothing is destroyed.`);
  const adopt = adoptOf(stack);
  process.stdout.write(`${describeKept(name, adopt)}\n`);
  // Noted before anything is deleted: whatever interrupts the rest, the names are not lost.
  const forget = noteKept(ADOPT_FILE, stage, adopt);
  const code = await cdk(['destroy', '--all', ...(yes ? ['--force'] : []), ...stageContext(named)]);
  if (await isUntouched(client, name)) forget();
  return code;
});

/** Answered "no", or stopped before it began: the stack still owns its tables. */
async function isUntouched(client: CloudFormationClient, name: string): Promise<boolean> {
  const left = await findStack(client, name);
  return left !== undefined && !left.StackStatus?.startsWith('DELETE');
}

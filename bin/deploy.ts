import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { HOME_REGION, stackName } from '../lib/config/names.ts';
import { accountId } from './account.ts';
import { abandonedBy, describeAbandoned } from './adoption.ts';
import { cdk } from './cdk.ts';
import { loadConfig } from './config.ts';
import { deploySteps, describeOutputs } from './deploy-steps.ts';
import { main, readOptions, UserError } from './options.ts';

/** `npm run deploy`: prepares every region that needs it, deploys all stacks and prints what they say. */
await main(async () => {
  const { stage } = readOptions();
  const config = await loadConfig(stage);
  const account = await accountId();
  const stack = stackName(config.stage);
  const abandoned = await abandonedBy(config.adopt, stack, new CloudFormationClient({ region: HOME_REGION }));
  if (Object.keys(abandoned).length > 0) throw new UserError(describeAbandoned(stack, abandoned));
  const folder = mkdtempSync(join(tmpdir(), 'onehop-deploy-'));
  const outputsFile = join(folder, 'outputs.json');
  try {
    for (const step of deploySteps(config, { account, outputsFile, ...(stage !== undefined && { stage }) })) {
      const code = await cdk(step);
      if (code !== 0) return code;
    }
    process.stdout.write(`\n${describeOutputs(JSON.parse(readFileSync(outputsFile, 'utf8')))}\n`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

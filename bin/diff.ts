import { accountId } from './account.ts';
import { cdk, stageContext } from './cdk.ts';
import { loadConfig } from './config.ts';
import { main, readOptions } from './options.ts';

/** `npm run diff`: what a deployment would change. */
await main(async () => {
  const { stage } = readOptions();
  await loadConfig(stage);
  await accountId();
  return cdk(['diff', '--all', ...stageContext(stage)]);
});

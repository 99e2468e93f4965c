import { App } from 'aws-cdk-lib';
import { addStacks } from '../lib/stacks/app-stacks.ts';
import { loadConfig } from './config.ts';
import { main } from './options.ts';

/** What the CDK CLI runs (cdk.json): the config in, the stacks out. Nothing here calls AWS. */
await main(async () => {
  const app = new App();
  const stage: unknown = app.node.tryGetContext('stage');
  addStacks(app, await loadConfig(stage === undefined ? undefined : String(stage)));
  app.synth();
  return 0;
});

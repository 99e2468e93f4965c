import { cdk, stageContext } from './cdk.ts';
import { loadConfig } from './config.ts';
import { main, readOptions } from './options.ts';

/** `npm run synth`: writes the templates to cdk.out and checks them; needs no AWS account. */
await main(async () => {
  const { stage } = readOptions();
  loadConfig(stage);
  return cdk(['synth', '--quiet', ...stageContext(stage)]);
});

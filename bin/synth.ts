import process from 'node:process';
import { regionalStackName, stackName } from '../lib/config/names.ts';
import { cdk, stageContext } from './cdk.ts';
import { loadConfig } from './config.ts';
import { main, readOptions } from './options.ts';

/** `npm run synth`: writes the templates to cdk.out and checks them; needs no AWS account. */
await main(async () => {
  const { stage } = readOptions();
  const config = await loadConfig(stage);
  const code = await cdk(['synth', '--quiet', ...stageContext(stage)]);
  const stacks = [
    stackName(config.stage),
    ...Object.keys(config.streams.regions).map((region) => regionalStackName(config.stage, region)),
  ];
  if (code === 0)
    process.stdout.write(
      `\nchecked, and written to cdk.out: ${stacks.map((stack) => `${stack}.template.json`).join(', ')}\n`,
    );
  return code;
});

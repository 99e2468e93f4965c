import { type App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { HOME_REGION, regionalStackName, stackName } from '../config/names.ts';
import type { ResolvedConfig } from '../config/schema.ts';
import { OnehopStack } from './onehop-stack.ts';
import { RegionalStreamStack } from './regional-stream-stack.ts';

/** Adds every stack of a stage to the app, tagged, checked by cdk-nag, the home stack before the regional ones. */
export function addStacks(app: App, config: ResolvedConfig): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const home = new OnehopStack(app, stackName(config.stage), {
    config,
    env: { region: HOME_REGION },
    description: 'Onehop: SMS links, clicks and what they earned',
  });
  for (const [region, shards] of Object.entries(config.streams.regions)) {
    const regional = new RegionalStreamStack(app, regionalStackName(config.stage, region), {
      config,
      shards,
      env: { region },
      description: `Onehop: click streams in ${region}`,
    });
    regional.addStackDependency(home, 'the streams write into its bucket by its table');
  }
  for (const [key, value] of Object.entries({ 'onehop:stage': config.stage, ...config.tags }))
    Tags.of(app).add(key, value);
}

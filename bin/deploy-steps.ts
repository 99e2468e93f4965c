import { HOME_REGION } from '../lib/config/names.ts';
import type { ResolvedConfig } from '../lib/config/schema.ts';
import { stageContext } from './cdk.ts';

/** Regions that hold a stack, the home region first. Table replicas need none. */
export function stackRegions(config: ResolvedConfig): readonly string[] {
  return [HOME_REGION, ...Object.keys(config.streams.regions)];
}

/** Calls of the CDK CLI that bring a stage into being, in order; each is harmless where its work is done already. */
export function deploySteps(
  config: ResolvedConfig,
  { account, stage, outputsFile }: { readonly account: string; readonly stage?: string; readonly outputsFile: string },
): readonly (readonly string[])[] {
  const environments = stackRegions(config).map((region) => `aws://${account}/${region}`);
  const context = stageContext(stage);
  return [
    ['bootstrap', ...environments, ...context],
    ['deploy', '--all', '--require-approval', 'never', '--outputs-file', outputsFile, ...context],
  ];
}

/** The outputs of all stacks as lines to read. */
export function describeOutputs(outputs: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  return Object.entries(outputs)
    .map(([stack, values]) =>
      [stack, ...Object.entries(values).map(([name, value]) => `  ${name}: ${value}`)].join('\n'),
    )
    .join('\n');
}

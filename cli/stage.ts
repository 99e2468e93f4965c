import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { HOME_REGION, type StackOutput, stackOutputs } from '../lambdas/contract/outputs.ts';
import { CliError } from './cli-error.ts';

/** Outputs of a deployed stage, read with the caller's own AWS credentials. */
export type StageOutputs = Readonly<Record<StackOutput, string>>;

/** @throws CliError where there are no credentials, or no such stage, or one of another version */
export async function outputsOf(stage: string): Promise<StageOutputs> {
  const stack = `Onehop-${stage}`;
  const found = await describe(stack);
  const missing = stackOutputs.filter((name) => !found.has(name));
  if (missing.length > 0)
    throw new CliError(`the stack ${stack} has no output ${missing.join(', ')}: deploy it again with this version`);
  return Object.fromEntries(found) as StageOutputs;
}

/**
 * CloudFront name that a short domain's record has to lead to, or null where the stage has no such domain.
 * @throws CliError as {@link outputsOf}
 */
export async function dnsTargetOf(stage: string, name: string): Promise<string | null> {
  const records = [...(await describe(`Onehop-${stage}`)).values()].map((value) => value.split(' '));
  const record = records.find(([owner, type]) => owner === name && type === 'CNAME');
  return record?.[2] ?? null;
}

async function describe(stack: string): Promise<Map<string, string>> {
  const client = new CloudFormationClient({ region: HOME_REGION });
  try {
    const answer = await client.send(new DescribeStacksCommand({ StackName: stack }));
    return new Map(
      answer.Stacks?.[0]?.Outputs?.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message))
      throw new CliError(
        `there is no stack ${stack} in ${HOME_REGION}: deploy it with "npm run deploy -- --stage ${stack.slice('Onehop-'.length)}"`,
      );
    if (error instanceof Error && /Credentials|Token/.test(error.name))
      throw new CliError(
        'no AWS credentials were found: sign in (for example with "aws sso login") or set AWS_PROFILE, then run this again',
      );
    throw new CliError(
      `AWS cannot be asked for the stack ${stack}: ${error instanceof Error ? error.message : 'unknown error'}`,
    );
  } finally {
    client.destroy();
  }
}

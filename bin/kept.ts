import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { StackOutput } from '../lambdas/contract/outputs.ts';
import type { AdoptConfig } from '../lib/config/onehop-config.ts';
import { parseKept } from '../lib/config/parse-config.ts';
import { readAdoptFile } from './config.ts';

interface KeptResource {
  readonly setting: keyof AdoptConfig;
  readonly output: StackOutput;
  readonly what: string;
  readonly why: string;
}

/** What outlives the stack and can be taken up again. */
export const keptResources: readonly KeptResource[] = [
  { setting: 'linksTable', output: 'LinksTableName', what: 'links table', why: 'every link you sent points into it' },
  { setting: 'ledgerTable', output: 'LedgerTableName', what: 'ledger table', why: 'it holds your API tokens' },
  { setting: 'bucket', output: 'BucketName', what: 'bucket of the lake', why: 'it holds every click' },
  {
    setting: 'edgeSecretArn',
    output: 'EdgeSecretArn',
    what: 'edge key secret',
    why: 'without its keys no click id you gave out can be verified',
  },
  {
    setting: 'homeSecretArn',
    output: 'HomeSecretArn',
    what: 'home key secret',
    why: 'without its keys identities already hashed match nothing',
  },
];

/** A deployed stack, or nothing where there is none. */
export async function findStack(client: Pick<CloudFormationClient, 'send'>, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks.find(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist'))
      return undefined;
    throw error;
  }
}

/** The `adopt` setting that takes up what a stack leaves. */
export function adoptOf(stack: Stack): AdoptConfig {
  const values = new Map(stack.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  return Object.fromEntries(
    keptResources.flatMap(({ setting, output }) => {
      const value = values.get(output);
      return value ? [[setting, value]] : [];
    }),
  );
}

/**
 * Notes what a stage left, beside what other stages left.
 * @returns a function that puts the file back as it was
 */
export function noteKept(file: string, stage: string, adopt: AdoptConfig): () => void {
  const before = existsSync(file) ? parseKept(readAdoptFile(file)) : undefined;
  save(file, { ...before, [stage]: adopt });
  return () => (before ? save(file, before) : rmSync(file));
}

function save(file: string, kept: Readonly<Record<string, AdoptConfig>>): void {
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
}

/** What stays behind, why, and how to take it up again or be rid of it. */
export function describeKept(stack: string, adopt: AdoptConfig): string {
  const kept = keptResources.flatMap(({ setting, what, why }) =>
    adopt[setting] ? [`  ${what}: ${adopt[setting]}\n    kept because ${why}`] : [],
  );
  return `These are kept when ${stack} is destroyed, and go on costing their storage:
${kept.join('\n')}
  versions of the edge function ${stack}-Redirect…
    kept because CloudFront takes hours to let go of its copies, and deleting it before that fails

To take them up again, deploy from this folder: their names are noted in onehop.adopt.json. From another folder or machine, write this into onehop.config.ts:
  adopt: ${JSON.stringify(adopt)}
To be rid of them, remove the tables' deletion protection, delete them, the secrets and the emptied bucket by hand, and, some hours later, the function:
  aws lambda list-functions --region us-east-1 --query "Functions[?starts_with(FunctionName, '${stack}-')].FunctionName"
  aws lambda delete-function --region us-east-1 --function-name <name>
`;
}

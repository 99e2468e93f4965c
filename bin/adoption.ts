import {
  type CloudFormationClient,
  ListStackResourcesCommand,
  type ListStackResourcesCommandOutput,
} from '@aws-sdk/client-cloudformation';
import type { AdoptConfig } from '../lib/config/onehop-config.ts';
import { adoptOf, findStack, keptResources } from './kept.ts';

type Client = Pick<CloudFormationClient, 'send'>;

/**
 * What the deployed stack uses without owning it, and a deployment of this config would let go of: the stack would get
 * new, empty tables instead, and links that were sent would lead to the fallback.
 */
export async function abandonedBy(
  adopt: AdoptConfig | undefined,
  stackName: string,
  client: Client,
): Promise<AdoptConfig> {
  const stack = await findStack(client, stackName);
  if (!stack) return {};
  const owned = await physicalIds(stackName, client);
  const inUse = Object.entries(adoptOf(stack)) as [keyof AdoptConfig, string][];
  return Object.fromEntries(inUse.filter(([setting, value]) => !owned.has(value) && adopt?.[setting] !== value));
}

/** What to write into the config so that nothing is let go of. */
export function describeAbandoned(stackName: string, abandoned: AdoptConfig): string {
  const names = keptResources.filter(({ setting }) => abandoned[setting]).map(({ what }) => what);
  return `${stackName} uses resources that an earlier deployment left (${names.join(', ')}), and this configuration would replace them with new, empty ones.
Write this into onehop.config.ts, or bring the onehop.adopt.json of the checkout that deployed last:
  adopt: ${JSON.stringify(abandoned, null, 2).replaceAll('\n', '\n  ')}`;
}

async function physicalIds(StackName: string, client: Client): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let NextToken: string | undefined;
  do {
    const page: ListStackResourcesCommandOutput = await client.send(
      new ListStackResourcesCommand({ StackName, ...(NextToken && { NextToken }) }),
    );
    for (const { PhysicalResourceId } of page.StackResourceSummaries ?? [])
      if (PhysicalResourceId) ids.add(PhysicalResourceId);
    NextToken = page.NextToken;
  } while (NextToken);
  return ids;
}

import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CompositePrincipal, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { clickStreamName } from '../../lambdas/contract/edge-config.ts';
import { arnIn } from './house-function.ts';
import type { KeySecret } from './key-secret.ts';
import type { LinksTable } from './links-table.ts';
import { acknowledgePatterns } from './wildcards.ts';

export interface EdgeRoleProps {
  readonly links: LinksTable;
  readonly keys: KeySecret;
  readonly streamBase: string;
  /** Shards by region, the home region among them. */
  readonly streamShards: Readonly<Record<string, number>>;
  /** Start of the names of the function's log groups, in whichever region. */
  readonly logGroupPrefix: string;
}

/** Partition keys the edge may write: tap counters of what has a cap. */
export const TAP_COUNTER_KEYS = 'counter#taps#*';

/**
 * What the edge function may do: read links and keys wherever a copy is, count taps at home, put clicks to the streams,
 * and write its log in the region that serves. Policies are part of the role, so that no replica ever runs without them.
 */
export function edgeRole(scope: Construct, id: string, props: EdgeRoleProps): Role {
  const logGroups = logGroupsOf(scope, props.logGroupPrefix);
  const role = new Role(scope, id, {
    assumedBy: new CompositePrincipal(
      new ServicePrincipal('lambda.amazonaws.com'),
      new ServicePrincipal('edgelambda.amazonaws.com'),
    ),
    inlinePolicies: {
      links: policy(allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem'], props.links.arns), countTaps(props.links)),
      keys: policy(allow(['secretsmanager:GetSecretValue'], props.keys.arns)),
      clicks: policy(allow(['firehose:PutRecord'], streamArns(scope, props))),
      logs: policy(allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], logGroups)),
    },
  });
  acknowledgePatterns(
    role,
    "Lambda makes the function's log groups in every region that serves a visitor, and the function's own name cannot stand in its role.",
    logGroups,
  );
  return role;
}

const allow = (actions: string[], resources: readonly string[]) =>
  new PolicyStatement({ actions, resources: [...resources] });

const policy = (...statements: PolicyStatement[]) => new PolicyDocument({ statements });

/** `ForAllValues` alone also holds where there is no key at all, hence the second condition. */
function countTaps(links: LinksTable): PolicyStatement {
  return new PolicyStatement({
    actions: ['dynamodb:UpdateItem'],
    resources: [links.homeArn],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [TAP_COUNTER_KEYS] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  });
}

function streamArns(scope: Construct, { streamBase, streamShards }: EdgeRoleProps): string[] {
  return Object.entries(streamShards).flatMap(([region, shards]) =>
    Array.from({ length: shards }, (_, shard) =>
      arnIn(scope, 'firehose', 'deliverystream', clickStreamName(streamBase, shard), region),
    ),
  );
}

function logGroupsOf(scope: Construct, prefix: string): string[] {
  const arn = (suffix: string) =>
    Stack.of(scope).formatArn({
      service: 'logs',
      region: '*',
      resource: 'log-group',
      resourceName: `${prefix}${suffix}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  return [arn('*')];
}

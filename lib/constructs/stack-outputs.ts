import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { StackOutput } from '../../lambdas/contract/outputs.ts';

const DESCRIPTIONS: Readonly<Record<StackOutput, string>> = {
  ApiUrl: 'Origin of the HTTP API; its description is at /openapi.json',
  ShortUrl: 'Origin of the default short domain',
  LinksTableName: 'Table of links; retained on destroy',
  LedgerTableName: 'Table of tokens and the ledger; retained on destroy',
  BucketName: 'Bucket of the lake; retained on destroy',
  EdgeSecretArn: 'Keys of codes and click ids; retained on destroy',
  HomeSecretArn: 'Keys of identities; retained on destroy',
  StreamBase: 'Base of the click streams’ names',
  SmsEventStreamArn: 'Stream for delivery events of AWS End User Messaging SMS; docs/sends.md says how to connect it',
  SmsEventRoleArn: 'Role with which the SMS service puts delivery events',
  DatabaseName: 'Glue database of the lake',
  WorkgroupName: 'Athena workgroup with the scan limit',
};

/** Outputs of the stack under the very names that programs read. */
export class StackOutputs {
  constructor(stack: Stack, values: Readonly<Record<StackOutput, string>>) {
    for (const [name, value] of Object.entries(values) as [StackOutput, string][])
      new CfnOutput(stack, name, { value, description: DESCRIPTIONS[name] });
  }
}

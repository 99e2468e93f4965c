/** Region of the stack `Onehop-<stage>`: certificates of CloudFront and edge functions can be nowhere else. */
export const HOME_REGION = 'us-east-1';

/** Outputs of the stack that programs read by name: the command line, and whoever takes retained resources up again. */
export const stackOutputs = [
  'ApiUrl',
  'ShortUrl',
  'LinksTableName',
  'LedgerTableName',
  'BucketName',
  'EdgeSecretArn',
  'HomeSecretArn',
  'StreamBase',
  'SmsEventStreamArn',
  'SmsEventRoleArn',
  'DatabaseName',
  'WorkgroupName',
] as const;
export type StackOutput = (typeof stackOutputs)[number];

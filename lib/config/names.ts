import { HOME_REGION } from '../../lambdas/contract/outputs.ts';

export { HOME_REGION };

/** Names that are known before anything is deployed, so that stacks of several regions need no reference for them. */
export const stackName = (stage: string): string => `Onehop-${stage}`;
export const regionalStackName = (stage: string, region: string): string => `${stackName(stage)}-${region}`;
/** Base of the click streams; `clickStreamName` of the contract adds the shard. */
export const streamBase = (stage: string): string => `onehop-${stage}-clicks`;
/** Base of the event streams; `eventStreamName` of the contract adds the table. */
export const eventStreamBase = (stage: string): string => `onehop-${stage}`;
/** Glue takes small letters, digits and underscores. */
export const databaseName = (stage: string): string => `onehop_${stage.replaceAll('-', '_')}`;
export const workgroupName = (stage: string): string => `onehop-${stage}`;
/** Start of the edge function's log groups: Lambda names them after the function's home and its generated name. */
export const edgeLogGroupPrefix = (stage: string): string =>
  `/aws/lambda/${HOME_REGION}.${stackName(stage)}-RedirectFunction`;

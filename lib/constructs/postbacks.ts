import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionDefaults } from './house-function.ts';
import type { KeySecret } from './key-secret.ts';
import type { LedgerTable } from './ledger-table.ts';
import type { LinksTable } from './links-table.ts';
import { PostbackFunction, RequeueFunction } from './postback-function.ts';
import { PostbackQueue } from './postback-queue.ts';

export interface PostbacksProps extends FunctionDefaults {
  readonly links: LinksTable;
  readonly ledger: LedgerTable;
  /** Keys of codes and click ids. */
  readonly keys: KeySecret;
  /** Keys that seal the secrets of sources. */
  readonly home: KeySecret;
  readonly bucket: IBucket;
  /** Base of the event streams' names. */
  readonly eventStreamBase: string;
  readonly topic: ITopic;
}

/** Where networks and shops call: the receiving function, the queue behind it, and what brings back what found no queue. */
export class Postbacks extends Construct {
  readonly function: IFunction;
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: PostbacksProps) {
    super(scope, id);
    const { queue } = new PostbackQueue(this, 'Messages', { topic: props.topic });
    this.queue = queue;
    this.function = new PostbackFunction(this, 'Receive', { ...props, queue }).function;
    new RequeueFunction(this, 'Requeue', { ...props, queue });
  }
}

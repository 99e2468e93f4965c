import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
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

/** Messages a batch, and batches at a time: the ledger's writes are single items, so more would only meet each other. */
const BATCH = 10;
const CONCURRENCY = 10;

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

  /** Hands messages to the function that keeps the ledger: what it names as failed comes again, and its rows do not outrun the tables. */
  feed(consumer: NodejsFunction): void {
    const source = new SqsEventSource(this.queue, {
      batchSize: BATCH,
      maxBatchingWindow: Duration.seconds(1),
      maxConcurrency: CONCURRENCY,
      reportBatchItemFailures: true,
    });
    consumer.addEventSource(source);
  }
}

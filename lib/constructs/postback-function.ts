import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { postbackEnvironment, requeueEnvironment } from '../../lambdas/contract/environment.ts';
import { blobPrefix, type EventTable, eventStreamName } from '../../lambdas/contract/lake.ts';
import { arnIn, type FunctionDefaults, HouseFunction } from './house-function.ts';
import { ImpactAlarm } from './impact-alarm.ts';
import type { KeySecret } from './key-secret.ts';
import type { LedgerTable } from './ledger-table.ts';
import type { LinksTable } from './links-table.ts';
import { acknowledgePatterns } from './wildcards.ts';

export interface PostbackFunctionProps extends FunctionDefaults {
  readonly links: LinksTable;
  readonly ledger: LedgerTable;
  readonly keys: KeySecret;
  readonly home: KeySecret;
  readonly bucket: IBucket;
  readonly queue: Queue;
  /** Base of the event streams' names. */
  readonly eventStreamBase: string;
}

/** The function that receives postbacks and webhooks: it stores and answers, and reads nothing but sources and keys. */
export class PostbackFunction extends HouseFunction {
  constructor(scope: Construct, id: string, props: PostbackFunctionProps) {
    const { runtime, logRetentionDays, links, ledger, keys, home, bucket, queue, eventStreamBase } = props;
    super(scope, id, {
      runtime,
      logRetentionDays,
      folder: 'postback',
      description: 'Onehop: receives postbacks and webhooks and stores them',
      // Senders wait five seconds at most; what takes longer is sent again.
      timeout: Duration.seconds(10),
      memorySize: 512,
      environment: {
        [postbackEnvironment.linksTable]: links.tableName,
        [postbackEnvironment.ledgerTable]: ledger.tableName,
        [postbackEnvironment.edgeSecret]: keys.secretArn,
        [postbackEnvironment.homeSecret]: home.secretArn,
        [postbackEnvironment.bucket]: bucket.bucketName,
        [postbackEnvironment.queueUrl]: queue.queueUrl,
        [postbackEnvironment.eventStreamBase]: eventStreamBase,
      },
    });
    this.allow(
      ['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
      [ledger.tableArn],
      onlyKeys('source#*', 'subscriber#*', 'subno#*'),
    );
    this.#allowLinks(links);
    this.allow(['secretsmanager:GetSecretValue'], [keys.secretArn, home.secretArn]);
    this.allow(['firehose:PutRecordBatch'], streamsOf(this, eventStreamBase, 'postbacks', 'sends'));
    this.allow(['sqs:SendMessage'], [queue.queueArn]);
    const objects = Object.values(blobPrefix).map((prefix) => bucket.arnForObjects(`${prefix}*`));
    this.allow(['s3:PutObject'], objects);
    acknowledgePatterns(this.role, 'Keys are the ids of messages, under three prefixes of their own.', objects);
  }

  /** What deliveries of messages are told apart by: links, codes and messages. */
  #allowLinks({ homeArn }: LinksTable): void {
    const indexes = [`${homeArn}/index/*`];
    this.allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem'], [homeArn]);
    this.allow(['dynamodb:Query'], indexes);
    acknowledgePatterns(this.role, 'Every index of the links table is for finding links.', indexes);
  }
}

/** Narrows a right to partition keys; `ForAllValues` alone also holds where there is no key at all, hence the second condition. */
const onlyKeys = (...keys: string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

const streamsOf = (scope: Construct, base: string, ...tables: EventTable[]) =>
  tables.map((table) => arnIn(scope, 'firehose', 'deliverystream', eventStreamName(base, table)));

export interface RequeueFunctionProps extends FunctionDefaults {
  readonly bucket: IBucket;
  readonly queue: Queue;
  readonly eventStreamBase: string;
  readonly topic: ITopic;
}

/** Every five minutes: brings back messages that queue or archive did not take while they were away. */
export class RequeueFunction extends HouseFunction {
  constructor(scope: Construct, id: string, props: RequeueFunctionProps) {
    const { runtime, logRetentionDays, bucket, queue, eventStreamBase } = props;
    super(scope, id, {
      runtime,
      logRetentionDays,
      folder: 'requeue',
      description: 'Onehop: queues postbacks that found no queue',
      timeout: Duration.minutes(4),
      environment: {
        [requeueEnvironment.bucket]: bucket.bucketName,
        [requeueEnvironment.queueUrl]: queue.queueUrl,
        [requeueEnvironment.eventStreamBase]: eventStreamBase,
      },
    });
    const prefixes = [blobPrefix.undelivered, blobPrefix.unarchived].map((prefix) => `${prefix}*`);
    const objects = prefixes.map((prefix) => bucket.arnForObjects(prefix));
    this.allow(['s3:ListBucket'], [bucket.bucketArn], { StringLike: { 's3:prefix': prefixes } });
    this.allow(['s3:GetObject', 's3:DeleteObject'], objects);
    this.allow(['sqs:SendMessage'], [queue.queueArn]);
    this.allow(['firehose:PutRecordBatch'], streamsOf(this, eventStreamBase, 'postbacks'));
    acknowledgePatterns(this.role, 'Keys are the ids of messages, under two prefixes of their own.', objects);
    const target = new LambdaFunction(this.function as IFunction, { retryAttempts: 0 });
    new Rule(this, 'Often', { schedule: Schedule.rate(Duration.minutes(5)), targets: [target] });
    this.#alarm(props.topic);
  }

  /** A queue that is away for a moment ends one run of three with an error; what stays fails them all. */
  #alarm(topic: ITopic): void {
    new ImpactAlarm(this, 'Stuck', {
      runbook: 'Postbacks that were put aside do not come back',
      impact: 'Some conversions are missing in reports, or some messages in their archive. They are kept as objects.',
      metric: this.function.metricErrors({ statistic: Stats.SUM, period: Duration.minutes(15) }),
      threshold: 1,
      topic,
    });
  }
}

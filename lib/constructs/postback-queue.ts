import { Duration, Validations } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ImpactAlarm } from './impact-alarm.ts';

/** Six times what the consumer has for a batch, 30 s (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html). */
const VISIBILITY = Duration.seconds(180);
/** The longest SQS keeps a message. */
const RETENTION = Duration.days(14);
const MAX_RECEIVES = 5;

export interface PostbackQueueProps {
  readonly topic: ITopic;
}

/** Messages of networks and shops between their receipt and the ledger, and those that nobody could finish. */
export class PostbackQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { topic }: PostbackQueueProps) {
    super(scope, id);
    const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: RETENTION };
    this.deadLetters = new Queue(this, 'DeadLetters', common);
    this.queue = new Queue(this, 'Queue', {
      ...common,
      visibilityTimeout: VISIBILITY,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    Validations.of(this.deadLetters).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'It is the dead-letter queue.' });
    new ImpactAlarm(this, 'Dead', {
      runbook: 'Postbacks are dead letters',
      impact: 'Some conversions are missing in reports. Their messages are kept 14 days and can be put back.',
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(5),
      }),
      threshold: 0,
      topic,
    });
    new ImpactAlarm(this, 'Old', {
      runbook: 'Postbacks wait too long',
      impact: 'Reports miss the latest conversions. Nothing is lost: the queue keeps messages 14 days.',
      metric: this.queue.metricApproximateAgeOfOldestMessage({
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(5),
      }),
      threshold: Duration.minutes(15).toSeconds(),
      topic,
    });
  }
}

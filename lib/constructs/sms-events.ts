import { Duration, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { lakeTables, smsEventStreamName } from '../../lambdas/contract/lake.ts';
import { eventStreamBase, HOME_REGION } from '../config/names.ts';
import { EventStream } from './event-stream.ts';
import { arnIn, type FunctionDefaults, HouseFunction } from './house-function.ts';
import type { LakeBucket } from './lake-bucket.ts';
import type { LakeCatalog } from './lake-catalog.ts';
import { smsEventAlarms } from './stream-alarms.ts';
import type { StreamLog } from './stream-log.ts';

export interface SmsEventsProps extends FunctionDefaults {
  readonly stage: string;
  readonly lake: LakeBucket;
  readonly catalog: LakeCatalog;
  readonly streamLog: StreamLog;
  readonly topic: ITopic;
}

/** Names of ours that a message may carry as context: an account sends more than campaigns, and passwords are none of ours. */
const CARRIED = ['onehop', 'campaign_id', 'message_id', 'link_no', 'subscriber_id'];

/**
 * The inlet of AWS End User Messaging SMS: a stream into the table of sends through a function that maps its events, the role
 * with which a configuration set puts into it, and a rule that puts what EventBridge is told of messages of ours.
 */
export class SmsEvents extends Construct {
  readonly streamArn: string;
  /** Role that the SMS service takes to put events; an event destination names it. */
  readonly roleArn: string;

  constructor(scope: Construct, id: string, props: SmsEventsProps) {
    super(scope, id);
    const streamName = smsEventStreamName(eventStreamBase(props.stage));
    this.streamArn = arnIn(this, 'firehose', 'deliverystream', streamName);
    this.#stream(streamName, props);
    this.roleArn = this.#serviceRole().roleArn;
    this.#rule();
  }

  #stream(streamName: string, { lake, catalog, streamLog, topic, runtime, logRetentionDays }: SmsEventsProps): void {
    const processor = new HouseFunction(this, 'Map', {
      runtime,
      logRetentionDays,
      folder: 'map-sms-events',
      description: 'Onehop: makes rows of sends of the delivery events of AWS End User Messaging SMS',
      timeout: Duration.minutes(1),
    });
    const stream = new EventStream(this, 'Stream', {
      table: lakeTables.sends,
      streamNames: [streamName],
      bucketArn: lake.bucket.bucketArn,
      databaseName: catalog.databaseName,
      glueRegion: HOME_REGION,
      processor: processor.function,
      alarms: smsEventAlarms,
      log: streamLog,
      alarmTopic: topic,
    });
    stream.node.addDependency(catalog.eventTables.sends);
  }

  /** https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-kinesis-creating-role.html */
  #serviceRole(): Role {
    const { account } = Stack.of(this);
    const configurationSets = Stack.of(this).formatArn({
      service: 'sms-voice',
      region: '*',
      resource: 'configuration-set',
      resourceName: '*',
    });
    return new Role(this, 'ServiceRole', {
      description: 'Onehop: lets configuration sets of this account put delivery events',
      assumedBy: new ServicePrincipal('sms-voice.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': configurationSets },
        },
      }),
      inlinePolicies: this.#mayPut(['firehose:PutRecord']),
    });
  }

  #rule(): void {
    const role = new Role(this, 'RuleRole', {
      description: 'Onehop: lets EventBridge put delivery events',
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      inlinePolicies: this.#mayPut(['firehose:PutRecord', 'firehose:PutRecordBatch']),
    });
    new CfnRule(this, 'Rule', {
      description: 'Delivery events of messages that carry names of Onehop',
      eventPattern: {
        source: ['aws.sms-voice'],
        'detail-type': ['Text Message Delivery Status Updated', 'Media Message Delivery Status Updated'],
        $or: CARRIED.map((name) => ({ detail: { context: { [name]: [{ exists: true }] } } })),
      },
      targets: [{ id: 'Stream', arn: this.streamArn, roleArn: role.roleArn }],
    });
  }

  #mayPut(actions: string[]): Record<string, PolicyDocument> {
    const statements = [new PolicyStatement({ actions, resources: [this.streamArn] })];
    return { Put: new PolicyDocument({ statements }) };
  }
}

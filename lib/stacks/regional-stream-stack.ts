import { Fn, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { clickStreamName } from '../../lambdas/contract/edge-config.ts';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import { databaseName, HOME_REGION, stackName, streamBase } from '../config/names.ts';
import type { ResolvedConfig } from '../config/schema.ts';
import { AlarmTopic } from '../constructs/alarm-topic.ts';
import { ClickProcessor } from '../constructs/click-processor.ts';
import { EventStream } from '../constructs/event-stream.ts';
import { functionDefaults } from '../constructs/house-function.ts';
import { clickAlarms } from '../constructs/stream-alarms.ts';
import { StreamLog } from '../constructs/stream-log.ts';

export interface RegionalStreamStackProps extends StackProps {
  readonly config: ResolvedConfig;
  /** Click streams in this region. */
  readonly shards: number;
}

/**
 * Click streams near a big audience, into the home region's lake. The edge finds them by their names; the one thing this
 * stack has to be told is the generated name of the bucket, which CloudFormation reads from the home stack's outputs
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html).
 */
export class RegionalStreamStack extends Stack {
  constructor(scope: Construct, id: string, { config, shards, ...props }: RegionalStreamStackProps) {
    super(scope, id, props);
    const { stage, runtime, logRetentionDays, alarmEmail } = config;
    const defaults = functionDefaults(runtime, logRetentionDays);
    const { topic } = new AlarmTopic(this, 'Alarms', alarmEmail === undefined ? {} : { email: alarmEmail });
    const bucketName = Fn.getStackOutput(stackName(stage), 'BucketName', HOME_REGION);
    new EventStream(this, 'Clicks', {
      table: lakeTables.clicks,
      streamNames: Array.from({ length: shards }, (_, shard) => clickStreamName(streamBase(stage), shard)),
      bucketArn: this.formatArn({ service: 's3', region: '', account: '', resource: bucketName }),
      databaseName: databaseName(stage),
      glueRegion: HOME_REGION,
      processor: new ClickProcessor(this, 'Enrich', defaults).function,
      log: new StreamLog(this, 'StreamLog', defaults.logRetentionDays),
      alarms: clickAlarms,
      alarmTopic: topic,
    });
  }
}

import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { clickStreamName } from '../../lambdas/contract/edge-config.ts';
import { errorPrefix, eventStreamName, eventTables, lakeTables } from '../../lambdas/contract/lake.ts';
import { databaseName, eventStreamBase, HOME_REGION, streamBase, workgroupName } from '../config/names.ts';
import type { ResolvedConfig } from '../config/schema.ts';
import { ClickProcessor } from './click-processor.ts';
import { ErrorObjectAlarm } from './error-object-alarm.ts';
import { EventStream } from './event-stream.ts';
import type { FunctionDefaults } from './house-function.ts';
import { LakeBucket } from './lake-bucket.ts';
import { LakeCatalog } from './lake-catalog.ts';
import { QueryWorkgroup } from './query-workgroup.ts';
import { clickAlarms, eventAlarms } from './stream-alarms.ts';
import { StreamLog } from './stream-log.ts';

export interface ClickLakeProps extends FunctionDefaults {
  readonly config: ResolvedConfig;
  readonly topic: ITopic;
}

/** Where clicks end up and are asked for: bucket, catalogue, workgroup, and the home region's streams into them. */
export class ClickLake extends Construct {
  readonly parts: {
    readonly lake: LakeBucket;
    readonly catalog: LakeCatalog;
    readonly workgroup: QueryWorkgroup;
    readonly streamLog: StreamLog;
  };
  readonly streamNames: readonly string[];
  /** Objects that landed on the error prefix. */
  readonly errorObjects: IMetric;

  constructor(scope: Construct, id: string, props: ClickLakeProps) {
    super(scope, id);
    const { config, topic, logRetentionDays } = props;
    const { stage, adopt, retentionDays, athenaScanLimitBytes, streams } = config;
    const lake = new LakeBucket(this, 'Bucket', { retentionDays, ...(adopt?.bucket && { adopt: adopt.bucket }) });
    const catalog = new LakeCatalog(this, 'Catalog', { databaseName: databaseName(stage), bucket: lake.bucket });
    const workgroup = new QueryWorkgroup(this, 'Queries', {
      name: workgroupName(stage),
      databaseName: catalog.databaseName,
      scanLimitBytes: athenaScanLimitBytes,
    });
    this.parts = { lake, catalog, workgroup, streamLog: new StreamLog(this, 'StreamLog', logRetentionDays) };
    this.streamNames = Array.from({ length: streams.shards }, (_, shard) => clickStreamName(streamBase(stage), shard));
    this.#streams(props);
    this.errorObjects = new ErrorObjectAlarm(this, 'Errors', {
      bucket: lake.bucket,
      prefixes: [lakeTables.clicks.name, ...eventTables].map(errorPrefix),
      logRetentionDays,
      topic,
    }).metric;
  }

  #streams(props: ClickLakeProps): void {
    const { lake, catalog, streamLog } = this.parts;
    const common = {
      bucketArn: lake.bucket.bucketArn,
      databaseName: catalog.databaseName,
      glueRegion: HOME_REGION,
      log: streamLog,
      alarmTopic: props.topic,
    };
    const clicks = new EventStream(this, 'Clicks', {
      ...common,
      table: lakeTables.clicks,
      streamNames: this.streamNames,
      processor: new ClickProcessor(this, 'Enrich', props).function,
      alarms: clickAlarms,
    });
    clicks.node.addDependency(catalog.clicksTable);
    for (const table of eventTables) {
      const streamNames = [eventStreamName(eventStreamBase(props.config.stage), table)];
      const events = new EventStream(this, `Events-${table}`, {
        ...common,
        table: lakeTables[table],
        streamNames,
        alarms: eventAlarms,
      });
      events.node.addDependency(catalog.eventTables[table]);
    }
  }
}

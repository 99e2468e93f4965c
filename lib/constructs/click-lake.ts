import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { clickStreamName } from '../../lambdas/contract/edge-config.ts';
import { errorPrefix, lakeTables } from '../../lambdas/contract/lake.ts';
import { databaseName, HOME_REGION, streamBase, workgroupName } from '../config/names.ts';
import type { ResolvedConfig } from '../config/schema.ts';
import { ClickProcessor } from './click-processor.ts';
import { ErrorObjectAlarm } from './error-object-alarm.ts';
import { EventStream } from './event-stream.ts';
import type { FunctionDefaults } from './house-function.ts';
import { LakeBucket } from './lake-bucket.ts';
import { LakeCatalog } from './lake-catalog.ts';
import { QueryWorkgroup } from './query-workgroup.ts';

export interface ClickLakeProps extends FunctionDefaults {
  readonly config: ResolvedConfig;
  readonly topic: ITopic;
}

/** Where clicks end up and are asked for: bucket, catalogue, workgroup, and the home region's streams into them. */
export class ClickLake extends Construct {
  readonly parts: { readonly lake: LakeBucket; readonly catalog: LakeCatalog; readonly workgroup: QueryWorkgroup };
  readonly streamNames: readonly string[];
  /** Objects that landed on the error prefix. */
  readonly errorObjects: IMetric;

  constructor(scope: Construct, id: string, props: ClickLakeProps) {
    super(scope, id);
    const { config, topic, logRetentionDays } = props;
    const { stage, adopt, retentionDays, athenaScanLimitBytes, streams } = config;
    const days =
      retentionDays.clicks === undefined ? {} : { retentionDays: { [lakeTables.clicks.name]: retentionDays.clicks } };
    const lake = new LakeBucket(this, 'Bucket', { ...days, ...(adopt?.bucket && { adopt: adopt.bucket }) });
    const catalog = new LakeCatalog(this, 'Catalog', { databaseName: databaseName(stage), bucket: lake.bucket });
    const workgroup = new QueryWorkgroup(this, 'Queries', {
      name: workgroupName(stage),
      databaseName: catalog.databaseName,
      scanLimitBytes: athenaScanLimitBytes,
    });
    this.parts = { lake, catalog, workgroup };
    this.streamNames = Array.from({ length: streams.shards }, (_, shard) => clickStreamName(streamBase(stage), shard));
    const stream = new EventStream(this, 'Clicks', {
      table: lakeTables.clicks,
      streamNames: this.streamNames,
      bucketArn: lake.bucket.bucketArn,
      databaseName: catalog.databaseName,
      glueRegion: HOME_REGION,
      processor: new ClickProcessor(this, 'Enrich', props).function,
      logRetentionDays,
      alarmTopic: topic,
    });
    stream.node.addDependency(catalog.clicksTable);
    this.errorObjects = new ErrorObjectAlarm(this, 'Errors', {
      bucket: lake.bucket,
      prefix: errorPrefix(lakeTables.clicks.name),
      logRetentionDays,
      topic,
    }).metric;
  }
}

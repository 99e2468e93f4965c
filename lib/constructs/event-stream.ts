import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { errorPrefix, type LakeTable, PARTITION } from '../../lambdas/contract/lake.ts';
import { rawName } from '../../sql/catalog.ts';
import { arnIn } from './house-function.ts';
import { type StreamAlarmTexts, streamAlarms } from './stream-alarms.ts';
import type { StreamLog } from './stream-log.ts';
import { acknowledgePatterns } from './wildcards.ts';

export interface EventStreamProps {
  readonly table: LakeTable;
  /** Names of the streams, one per shard: deterministic, so that the edge can put to another region's without a reference. */
  readonly streamNames: readonly string[];
  readonly bucketArn: string;
  readonly databaseName: string;
  /** Region of the Glue table, which may be another than the stream's. */
  readonly glueRegion: string;
  /** Function that transforms every record. @default none: records are rows as they come */
  readonly processor?: IFunction;
  /** What the alarms say is at stake. */
  readonly alarms: StreamAlarmTexts;
  readonly log: StreamLog;
  readonly alarmTopic: ITopic;
}

/** Largest and longest Firehose buffers: few, large files. Format conversion asks for at least 64 MiB. */
const BUFFER = { sizeInMBs: 128, intervalInSeconds: 300 };
/** What one call of the processor takes: its answer may have 6 MB at most, and a record grows on the way. */
const PROCESSOR_BUFFER = { BufferSizeInMBs: '1', BufferIntervalInSeconds: '60', NumberOfRetries: '3' };

/** Firehose streams into a table of the lake: records land as Parquet under the day they arrived, through a processor where there is one. */
export class EventStream extends Construct {
  readonly #props: EventStreamProps;

  constructor(scope: Construct, id: string, props: EventStreamProps) {
    super(scope, id);
    this.#props = props;
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('firehose.amazonaws.com') });
    const policy = this.#grants(role);
    props.streamNames.forEach((name, shard) => {
      const stream = this.#stream(`Stream${shard}`, name, role);
      stream.node.addDependency(policy);
      streamAlarms(this, name, `Shard${shard}`, props.alarms, props.alarmTopic);
    });
  }

  /** https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html, without what this stream does not use. */
  #grants(role: Role): Policy {
    const { bucketArn, table, databaseName, glueRegion, processor, log } = this.#props;
    const prefixes = [`${bucketArn}/${table.name}/*`, `${bucketArn}/${errorPrefix(table.name)}*`];
    const glue = (resource: string, name: string) => arnIn(this, 'glue', resource, name, glueRegion);
    const policy = new Policy(this, 'Policy', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
          resources: [bucketArn],
        }),
        new PolicyStatement({ actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resources: prefixes }),
        new PolicyStatement({
          actions: ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
          resources: [
            glue('catalog', '').replace(/\/$/, ''),
            glue('database', databaseName),
            glue('table', `${databaseName}/${rawName(table)}`),
          ],
        }),
        ...(processor ? [invocation(processor)] : []),
        new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [log.group.logGroupArn] }),
      ],
    });
    acknowledgePatterns(
      policy,
      'Object keys are made by Firehose; the two prefixes of this table are named.',
      prefixes,
    );
    return policy;
  }

  #stream(id: string, name: string, role: Role): CfnDeliveryStream {
    const { bucketArn, table, log } = this.#props;
    const day = `${PARTITION}=!{timestamp:yyyy-MM-dd}/`;
    return new CfnDeliveryStream(this, id, {
      deliveryStreamName: name,
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'AWS_OWNED_CMK' },
      extendedS3DestinationConfiguration: {
        bucketArn,
        roleArn: role.roleArn,
        prefix: `${table.name}/${day}`,
        errorOutputPrefix: `${errorPrefix(table.name)}!{firehose:error-output-type}/${day}`,
        customTimeZone: 'UTC',
        bufferingHints: BUFFER,
        compressionFormat: 'UNCOMPRESSED',
        cloudWatchLoggingOptions: {
          enabled: true,
          logGroupName: log.group.logGroupName,
          logStreamName: log.stream.logStreamName,
        },
        ...(this.#props.processor && {
          processingConfiguration: { enabled: true, processors: [lambdaProcessor(this.#props.processor)] },
        }),
        dataFormatConversionConfiguration: this.#conversion(role),
      },
    });
  }

  #conversion(role: Role): CfnDeliveryStream.DataFormatConversionConfigurationProperty {
    const { table, databaseName, glueRegion } = this.#props;
    return {
      enabled: true,
      schemaConfiguration: {
        roleArn: role.roleArn,
        region: glueRegion,
        databaseName,
        tableName: rawName(table),
        versionId: 'LATEST',
      },
      inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
      outputFormatConfiguration: { serializer: { parquetSerDe: { compression: 'SNAPPY' } } },
    };
  }
}

const invocation = ({ functionArn }: IFunction) =>
  new PolicyStatement({
    actions: ['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'],
    resources: [functionArn, `${functionArn}:$LATEST`],
  });

function lambdaProcessor({ functionArn }: IFunction): CfnDeliveryStream.ProcessorProperty {
  const parameters = { LambdaArn: functionArn, ...PROCESSOR_BUFFER };
  return {
    type: 'Lambda',
    parameters: Object.entries(parameters).map(([parameterName, parameterValue]) => ({
      parameterName,
      parameterValue,
    })),
  };
}

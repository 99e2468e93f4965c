import { ArnFormat, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  BucketPolicy,
  type CfnBucket,
  type IBucket,
  type LifecycleRule,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { blobPrefix, errorPrefix, lakeTables } from '../../lambdas/contract/lake.ts';

export interface LakeBucketProps {
  /** Days after which rows are deleted, by lake table. @default kept for ever */
  readonly retentionDays?: Readonly<Record<string, number>>;
  /** Name of a bucket kept by an earlier destroy. @default a new bucket with a generated name */
  readonly adopt?: string;
}

/** Days that CloudFront's access logs are kept: long enough to rebuild lost clicks, and no longer. */
export const ACCESS_LOG_DAYS = 30;

/** The bucket of the lake. It outlives the stack; its policy does not, so that a later deployment can make it anew. */
export class LakeBucket extends Construct {
  readonly bucket: IBucket;
  readonly policy: BucketPolicy;

  constructor(scope: Construct, id: string, { retentionDays = {}, adopt }: LakeBucketProps = {}) {
    super(scope, id);
    // The class declares optional members wider than its own interface does, hence the cast.
    this.bucket = (
      adopt === undefined ? this.#newBucket(retentionDays) : Bucket.fromBucketName(this, 'Bucket', adopt)
    ) as IBucket;
    this.policy = new BucketPolicy(this, 'Policy', { bucket: this.bucket, removalPolicy: RemovalPolicy.DESTROY });
    this.policy.document.addStatements(this.#denyPlainHttp(), this.#allowLogDelivery());
  }

  #newBucket(retentionDays: Readonly<Record<string, number>>): Bucket {
    const bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      versioned: true,
      lifecycleRules: lifecycle(retentionDays),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // Set here because the construct's own switch would bring a custom resource; it feeds the alarm on the error prefix.
    (bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Server access logs of a bucket that only services write to would cost more than they tell; CloudTrail covers the rest.',
    });
    return bucket;
  }

  #denyPlainHttp(): PolicyStatement {
    return new PolicyStatement({
      sid: 'TlsOnly',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:*'],
      resources: [this.bucket.bucketArn, this.bucket.arnForObjects('*')],
      conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  }

  /** What log delivery asks for (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html). */
  #allowLogDelivery(): PolicyStatement {
    const { account } = Stack.of(this);
    return new PolicyStatement({
      sid: 'AccessLogDelivery',
      principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [this.bucket.arnForObjects(`${lakeTables.access_logs.name}/*`)],
      conditions: {
        StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': account },
        ArnLike: {
          'aws:SourceArn': Stack.of(this).formatArn({
            service: 'logs',
            region: 'us-east-1',
            resource: 'delivery-source',
            resourceName: '*',
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        },
      },
    });
  }
}

function lifecycle(retentionDays: Readonly<Record<string, number>>): LifecycleRule[] {
  const expire = (prefix: string, days: number): LifecycleRule => ({
    id: `expire-${prefix.replace(/\/$/, '').replace('/', '-')}`,
    prefix,
    expiration: Duration.days(days),
  });
  return [
    {
      id: 'tidy',
      abortIncompleteMultipartUploadAfter: Duration.days(7),
      noncurrentVersionExpiration: Duration.days(30),
    },
    expire(`${lakeTables.access_logs.name}/`, ACCESS_LOG_DAYS),
    ...Object.entries(retentionDays).flatMap(([table, days]) =>
      prefixesOf(table).map((prefix) => expire(prefix, days)),
    ),
  ];
}

/** Where rows of a table lie. What could not be delivered, or lies beside the table, is kept as long as it: it holds the same data. */
function prefixesOf(table: string): string[] {
  const beside = table === lakeTables.postbacks.name ? Object.values(blobPrefix) : [];
  return [`${table}/`, errorPrefix(table), ...beside];
}

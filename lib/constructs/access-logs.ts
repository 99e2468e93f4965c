import { ArnFormat, Names, Stack } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { accessLogColumns } from '../../lambdas/contract/access-logs.ts';
import type { IpPolicy } from '../../lambdas/contract/edge-config.ts';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import type { LakeBucket } from './lake-bucket.ts';

export interface AccessLogsProps {
  readonly lake: LakeBucket;
  readonly ipPolicy: IpPolicy;
}

/**
 * Day folders below the prefix. Variables only, with nothing between two of them but slashes: that is the form the
 * service documents, so the table's projection follows it instead of the other way round.
 */
const SUFFIX_PATH = '{yyyy}/{MM}/{dd}';

/**
 * CloudFront's standard logs (v2) in the lake: JSON lines under `access_logs/yyyy/MM/dd/`. The prefix stands in the
 * destination's ARN: without one, CloudFormation and the service disagree about `AWSLogs/<account>/CloudFront/`
 * (https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2274).
 */
export class AccessLogs extends Construct {
  readonly #destination: CfnDeliveryDestination;
  readonly #props: AccessLogsProps;

  constructor(scope: Construct, id: string, props: AccessLogsProps) {
    super(scope, id);
    this.#props = props;
    this.#destination = new CfnDeliveryDestination(this, 'Destination', {
      name: Names.uniqueResourceName(this, { maxLength: 60, separator: '-' }),
      destinationResourceArn: `${props.lake.bucket.bucketArn}/${lakeTables.access_logs.name}`,
      outputFormat: 'json',
    });
    this.#destination.node.addDependency(props.lake.policy);
  }

  /** Turns the logs of a distribution on. The resources stand below `scope`, so that they come and go with the domain. */
  deliver(scope: Construct, distribution: IDistribution): void {
    const source = new CfnDeliverySource(scope, 'LogSource', {
      name: Names.uniqueResourceName(scope, { maxLength: 60, separator: '-' }),
      logType: 'ACCESS_LOGS',
      resourceArn: Stack.of(scope).formatArn({
        service: 'cloudfront',
        region: '',
        resource: 'distribution',
        resourceName: distribution.distributionId,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    });
    const delivery = new CfnDelivery(scope, 'LogDelivery', {
      deliverySourceName: source.name,
      deliveryDestinationArn: this.#destination.attrArn,
      recordFields: recordFields(this.#props.ipPolicy),
      s3SuffixPath: SUFFIX_PATH,
      s3EnableHiveCompatiblePath: false,
    });
    delivery.addResourceDependency(source);
    delivery.node.addDependency(this.#props.lake.policy);
  }
}

/** The fields a repair needs; the visitor's address only where the policy lets it be stored. */
function recordFields(ipPolicy: IpPolicy): string[] {
  return accessLogColumns.filter((column) => ipPolicy === 'full' || !('personal' in column)).map(({ field }) => field);
}

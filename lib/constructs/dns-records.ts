import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import {
  AaaaRecord,
  ARecord,
  HostedZone,
  HttpsRecord,
  type IAliasRecordTarget,
  type IHostedZone,
  RecordTarget,
} from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';

interface Zone {
  readonly id: string;
  readonly name: string;
}

/** The zone of a scope, taken from its id and name: a look-up would need credentials to synthesise. */
export function zoneOf(scope: Construct, { id, name }: Zone): IHostedZone {
  const existing = scope.node.tryFindChild('Zone') as IHostedZone | undefined;
  return existing ?? HostedZone.fromHostedZoneAttributes(scope, 'Zone', { hostedZoneId: id, zoneName: name });
}

/** A and AAAA records of a name. */
export function addressRecords(scope: Construct, name: string, zone: Zone, target: IAliasRecordTarget): void {
  const props = { zone: zoneOf(scope, zone), recordName: `${name}.`, target: RecordTarget.fromAlias(target) };
  new ARecord(scope, 'A', props);
  new AaaaRecord(scope, 'Aaaa', props);
}

/** A, AAAA and HTTPS records; the last lets a browser begin with HTTP/3 and skip the plain HTTP request. */
export function distributionRecords(scope: Construct, name: string, zone: Zone, distribution: Distribution): void {
  const target = new CloudFrontTarget(distribution);
  addressRecords(scope, name, zone, target);
  new HttpsRecord(scope, 'Https', {
    zone: zoneOf(scope, zone),
    recordName: `${name}.`,
    target: RecordTarget.fromAlias(target),
  });
}

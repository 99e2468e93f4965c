import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { CfnRecordSetGroup, HostedZone, type IHostedZone } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';

interface Zone {
  readonly id: string;
  readonly name: string;
}

/** Where an alias record leads: the name AWS gave, and the zone that Route 53 finds it in. */
interface AliasTarget {
  readonly dnsName: string;
  readonly hostedZoneId: string;
}

/** The zone of a scope, taken from its id and name: a look-up would need credentials to synthesise. */
export function zoneOf(scope: Construct, { id, name }: Zone): IHostedZone {
  const existing = scope.node.tryFindChild('Zone') as IHostedZone | undefined;
  return existing ?? HostedZone.fromHostedZoneAttributes(scope, 'Zone', { hostedZoneId: id, zoneName: name });
}

/** A and AAAA records of a name. */
export function addressRecords(scope: Construct, name: string, zone: Zone, target: AliasTarget): void {
  records(scope, name, zone, target, ['A', 'AAAA']);
}

/** A, AAAA and HTTPS records; the last lets a browser begin with HTTP/3 and skip the plain HTTP request. */
export function distributionRecords(scope: Construct, name: string, zone: Zone, distribution: Distribution): void {
  const dnsName = distribution.distributionDomainName;
  const target = { dnsName, hostedZoneId: CloudFrontTarget.getHostedZoneId(scope) };
  records(scope, name, zone, target, ['A', 'AAAA', 'HTTPS']);
}

/** One resource for all records of a name: a stack holds 500 resources, and a domain should take few of them. */
function records(scope: Construct, name: string, zone: Zone, aliasTarget: AliasTarget, types: readonly string[]): void {
  new CfnRecordSetGroup(scope, 'Records', {
    hostedZoneId: zone.id,
    recordSets: types.map((type) => ({ name: `${name}.`, type, aliasTarget })),
  });
}

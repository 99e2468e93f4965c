import { CfnOutput, Duration, Validations } from 'aws-cdk-lib';
import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  type DistributionProps,
  HttpVersion,
  type IOriginRequestPolicy,
  LambdaEdgeEventType,
  OriginProtocolPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IVersion } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { EdgeConfig } from '../../lambdas/contract/edge-config.ts';
import type { ResolvedDomain } from '../config/schema.ts';
import type { AccessLogs } from './access-logs.ts';
import { distributionMetric } from './distribution-metric.ts';
import { distributionRecords, zoneOf } from './dns-records.ts';
import { edgeSettingsHeader } from './edge-settings.ts';
import { ImpactAlarm } from './impact-alarm.ts';

/** What all domains of a stack share. */
export interface ShortDomainDefaults {
  readonly redirect: IVersion;
  readonly originRequestPolicy: IOriginRequestPolicy;
  /**
   * A host of our own that always resolves: CloudFront looks it up before it calls the function, which then answers
   * every request, so nothing is ever fetched from it.
   */
  readonly originHost: string;
  /** Settings of the edge function, without what differs between domains. */
  readonly edge: Omit<EdgeConfig, 'domain' | 'fallbackUrl'>;
  readonly accessLogs: AccessLogs;
  readonly alarmTopic: ITopic;
}

export interface ShortDomainProps extends ShortDomainDefaults {
  /** @default the distribution's CloudFront name, where no domain is configured */
  readonly domain?: ResolvedDomain;
}

/** CloudFront would keep an error for 10 seconds, whatever the answer says. */
const ERRORS = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504].map((httpStatus) => ({
  httpStatus,
  ttl: Duration.seconds(0),
}));

/** One short domain: certificate, distribution, records, log delivery and alarm. Nothing here is shared with another domain. */
export class ShortDomain extends Construct {
  readonly distribution: Distribution;
  /** Host that links carry. */
  readonly host: string;

  constructor(scope: Construct, id: string, props: ShortDomainProps) {
    super(scope, id);
    const { domain } = props;
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `Onehop ${domain?.name ?? 'short links'}`,
      httpVersion: HttpVersion.HTTP2_AND_3,
      enableIpv6: true,
      errorResponses: ERRORS,
      defaultBehavior: this.#behavior(props),
      ...(domain ? this.#ownName(domain) : {}),
    });
    this.host = domain?.name ?? this.distribution.distributionDomainName;
    props.accessLogs.deliver(this, this.distribution);
    if (domain) this.#announce(domain);
    this.#acknowledge(domain !== undefined);
    new ImpactAlarm(this, 'Errors', {
      runbook: 'A short domain answers errors',
      impact: 'Subscribers who tap a link see an error page instead of the offer.',
      subject: domain?.name ?? 'CloudFront name',
      metric: distributionMetric(this.distribution, '5xxErrorRate', 'Average'),
      threshold: 5,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      topic: props.alarmTopic,
    });
  }

  #behavior(props: ShortDomainProps): DistributionProps['defaultBehavior'] {
    const { domain, edge } = props;
    const config: EdgeConfig = {
      domain: domain?.name ?? 'default',
      ...(domain?.fallbackUrl === undefined ? {} : { fallbackUrl: domain.fallbackUrl }),
      ...edge,
    };
    return {
      origin: new HttpOrigin(props.originHost, {
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        customHeaders: edgeSettingsHeader(this, config),
      }),
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      // Also keeps CloudFront from answering two concurrent taps with one call of the function.
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: props.originRequestPolicy,
      edgeLambdas: [{ eventType: LambdaEdgeEventType.ORIGIN_REQUEST, functionVersion: props.redirect }],
      compress: false,
    };
  }

  #ownName(domain: ResolvedDomain): Partial<DistributionProps> {
    return {
      domainNames: [domain.name],
      certificate: this.#certificate(domain),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    };
  }

  #certificate({ name, hostedZone, certificateArn }: ResolvedDomain): ICertificate {
    if (certificateArn !== undefined) return Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
    const zone = hostedZone && zoneOf(this, hostedZone);
    return new Certificate(this, 'Certificate', { domainName: name, validation: CertificateValidation.fromDns(zone) });
  }

  /** Makes the records, or says which one to make where the zone is elsewhere; `onehop domain check` reads it. */
  #announce({ name, hostedZone }: ResolvedDomain): void {
    if (hostedZone) distributionRecords(this, name, hostedZone, this.distribution);
    new CfnOutput(this, 'DnsRecord', {
      description: hostedZone
        ? `Where the records of ${name}, made in its zone, lead to`
        : `Record to make for ${name} (ALIAS or ANAME where it is the top of its zone)`,
      value: `${name} CNAME ${this.distribution.distributionDomainName}`,
    });
  }

  #acknowledge(hasOwnName: boolean): void {
    const reasons: Record<string, string> = {
      'AwsSolutions-CFR1': 'Subscribers may be anywhere; a sender who wants fewer countries uses rules of the link.',
      'AwsSolutions-CFR2':
        'A web application firewall would add a quarter to the price of a click; it can be attached by hand.',
      'AwsSolutions-CFR3':
        'Standard logging v2 is on, by a delivery of CloudWatch Logs; the rule only knows the legacy form.',
      'AwsSolutions-CFR7':
        'The bucket only lends a name that resolves: the function answers every request, so nothing is fetched and no access is granted.',
      ...(hasOwnName
        ? {}
        : {
            'AwsSolutions-CFR4':
              "A CloudFront name has CloudFront's certificate and policy; TLS 1.2 comes with a domain of one's own.",
          }),
    };
    for (const [id, reason] of Object.entries(reasons)) Validations.of(this.distribution).acknowledge({ id, reason });
  }
}

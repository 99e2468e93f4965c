import {
  type IDistribution,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  OriginRequestQueryStringBehavior,
} from 'aws-cdk-lib/aws-cloudfront';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { viewerHeaders } from '../../lambdas/contract/edge-config.ts';
import { HOME_REGION, streamBase } from '../config/names.ts';
import type { ResolvedConfig } from '../config/schema.ts';
import { AccessLogs } from './access-logs.ts';
import type { ClickLake } from './click-lake.ts';
import type { KeySecret } from './key-secret.ts';
import type { LinksTable } from './links-table.ts';
import type { Redirect } from './redirect.ts';
import { ShortDomain, type ShortDomainDefaults } from './short-domain.ts';

export interface ShortDomainsProps {
  readonly config: ResolvedConfig;
  readonly links: LinksTable;
  readonly keys: KeySecret;
  readonly redirect: Redirect;
  readonly lake: ClickLake;
  readonly topic: ITopic;
}

/**
 * Every short domain of a stage, and the one on the CloudFront name where none is configured. A domain's resources are
 * named after it, so that one more, one less or another order touches no other.
 */
export class ShortDomains extends Construct {
  /** Distributions by the name people know them by. */
  readonly distributions: Readonly<Record<string, IDistribution>>;
  /** Configured domains, the default one first. */
  readonly names: readonly string[];
  /** Origin of links that name no domain. */
  readonly defaultOrigin: string;

  constructor(scope: Construct, id: string, props: ShortDomainsProps) {
    super(scope, id);
    const { domains, defaultDomain } = props.config;
    const shared = this.#shared(props);
    const made = domains.map(
      (domain) => [domain.name, new ShortDomain(this, domain.name, { ...shared, domain })] as const,
    );
    const all = made.length > 0 ? made : [['CloudFront name', new ShortDomain(this, 'Default', shared)] as const];
    this.distributions = Object.fromEntries(all.map(([name, { distribution }]) => [name, distribution]));
    const first = defaultDomain ?? domains[0]?.name;
    this.names = domains.map(({ name }) => name).toSorted((a, b) => Number(b === first) - Number(a === first));
    this.defaultOrigin = `https://${first ?? all[0]?.[1].host ?? ''}`;
  }

  #shared({ config, links, keys, redirect, lake, topic }: ShortDomainsProps): ShortDomainDefaults {
    const { stage, replicaRegions, streams, ipPolicy, edge } = config;
    return {
      redirect: redirect.version,
      originRequestPolicy: this.#originRequestPolicy(),
      originHost: lake.parts.lake.bucket.bucketRegionalDomainName,
      edge: {
        linksTable: links.tableName,
        tableRegions: [HOME_REGION, ...replicaRegions],
        edgeSecret: keys.secretName,
        streamBase: streamBase(stage),
        streamShards: { [HOME_REGION]: streams.shards, ...streams.regions },
        ipPolicy,
        ...edge,
      },
      accessLogs: new AccessLogs(this, 'AccessLogs', { lake: lake.parts.lake, ipPolicy }),
      alarmTopic: topic,
    };
  }

  /** Host and everything else the visitor sent, and what CloudFront knows of the visitor; the managed policies lack ASN or JA4. */
  #originRequestPolicy(): OriginRequestPolicy {
    return new OriginRequestPolicy(this, 'OriginRequest', {
      comment: 'Onehop: all visitor headers, geography, ASN and JA4',
      headerBehavior: OriginRequestHeaderBehavior.all(...viewerHeaders),
      queryStringBehavior: OriginRequestQueryStringBehavior.all(),
    });
  }
}

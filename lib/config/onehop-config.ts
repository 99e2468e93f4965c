import type { IpPolicy } from '../../lambdas/contract/edge-config.ts';

/** A hosted zone of Route 53 in the same account. */
export interface HostedZoneConfig {
  /** Id of the zone, e.g. `Z0123456789ABCDEFGHIJ`. */
  readonly id: string;
  /** Name of the zone, e.g. `brand.com`; the domain is this name or below it. */
  readonly name: string;
}

/** A host name and where its certificate comes from: exactly one of `hostedZone` and `certificateArn`. */
export interface HostConfig {
  /** Host name in lower case, e.g. `go.brand.com`. */
  readonly name: string;
  /**
   * Zone in which the certificate is validated and the records are made.
   * @default none: `certificateArn` names a certificate, and the outputs say which record to make elsewhere
   */
  readonly hostedZone?: HostedZoneConfig;
  /**
   * An issued certificate for the name, in us-east-1.
   * @default a certificate is made and validated in `hostedZone`
   */
  readonly certificateArn?: string;
}

/** A short domain: one certificate, one distribution. */
export interface DomainConfig extends HostConfig {
  /**
   * Where taps go for which nothing better is known: unknown codes, links without a fallback of their own.
   * @default the built-in page
   */
  readonly fallbackUrl?: string;
}

/** Resources kept by an earlier `npm run destroy`, to be used instead of new ones. Each may be given on its own. */
export interface AdoptConfig {
  /** Name of the links table. @default a new table */
  readonly linksTable?: string;
  /** Name of the ledger table. @default a new table */
  readonly ledgerTable?: string;
  /** Name of the lake's bucket. @default a new bucket */
  readonly bucket?: string;
  /** Complete ARN of the edge key secret, with its six random characters. @default a new secret with a new key */
  readonly edgeSecretArn?: string;
  /** Complete ARN of the home key secret, with its six random characters. @default a new secret with a new key */
  readonly homeSecretArn?: string;
}

/** What `onehop.config.ts` may hold. Nothing is required: `defineConfig({})` deploys on a CloudFront name. */
export interface OnehopConfig {
  /** Names the deployment; `npm run deploy -- --stage dev` overrides it. At most 16 of a-z, 0-9 and `-`. @default 'prod' */
  readonly stage?: string;
  /** Short domains, at most 40. @default none: links live on the distribution's CloudFront name */
  readonly domains?: readonly DomainConfig[];
  /** Domain of links that name none. @default the first of `domains` */
  readonly defaultDomain?: string;
  /** Host of the HTTP API. @default the name API Gateway gives */
  readonly apiDomain?: HostConfig;
  /**
   * Regions beside us-east-1 that hold a replica of the links table and of the edge keys. DynamoDB adds or removes
   * one replica per update: change this list by one region per deployment.
   * @default none
   */
  readonly replicaRegions?: readonly string[];
  /** Click streams. One takes 2,000 clicks a second in us-east-1, 1,000 in most other regions, until its quota is raised. */
  readonly streams?: {
    /** Streams in us-east-1. @default 1 */
    readonly shards?: number;
    /** Streams near big audiences elsewhere: region → how many. @default none */
    readonly regions?: Readonly<Record<string, number>>;
  };
  /** Days after which rows of a lake table are deleted. Access logs are always kept 30 days, tables not named here for ever. */
  readonly retentionDays?: {
    /** @default kept for ever */
    readonly clicks?: number;
    /**
     * Messages of networks and shops as they came, which hold what senders tell of their customers. At least 180: a message in
     * quarantine, kept as long, is read again from its body. The entries of the ledger that were made of them stay. @default 400
     */
    readonly postbacks?: number;
  };
  /** What may be stored of a visitor's address: a keyed hash and the network, the network only, or everything. @default 'hash' */
  readonly ipPolicy?: IpPolicy;
  /** Days that logs of functions are kept; a value CloudWatch knows (1, 3, 5, 7, 14, 30, 60, 90, …). @default 30 */
  readonly logRetentionDays?: number;
  /** Who is told of alarms; the address must be confirmed once. @default nobody: alarms are seen in the console only */
  readonly alarmEmail?: string;
  /** Tags on every resource, beside `onehop:stage` and `onehop:part`. @default none */
  readonly tags?: Readonly<Record<string, string>>;
  /** Kept resources to take up again. @default what `npm run destroy` wrote to onehop.adopt.json for this stage */
  readonly adopt?: AdoptConfig;
  /** Deadlines of the redirect, ms. */
  readonly edge?: {
    /** Delivery of a click on an instance that has delivered lately. @default 300 */
    readonly putMs?: number;
    /** First delivery of an instance. @default 1500 */
    readonly firstPutMs?: number;
    /** One read of links or keys. @default 1000 */
    readonly readMs?: number;
  };
  /** Runtime of every function; the older one is for a region or a rule that does not take the newer. @default 'nodejs24.x' */
  readonly runtime?: 'nodejs24.x' | 'nodejs22.x';
  /** Most bytes one Athena query may scan before it is stopped; at least 10,000,000. Athena bills $5 per TB. @default 100_000_000_000 */
  readonly athenaScanLimitBytes?: number;
}

/** Gives `onehop.config.ts` its types. */
export function defineConfig(config: OnehopConfig): OnehopConfig {
  return config;
}

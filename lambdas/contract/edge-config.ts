/**
 * Settings of the edge function. Lambda@Edge has no environment variables, so they travel as one origin custom header.
 * CloudFront allows 1,783 characters in its value (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html).
 */
export const EDGE_CONFIG_HEADER = 'x-onehop-config';
export const EDGE_CONFIG_MAX_LENGTH = 1_783;

/** How much of a visitor's address may be stored: a keyed hash and the network, the network only, or everything. */
export type IpPolicy = 'hash' | 'truncate' | 'full';

export interface EdgeConfig {
  /** Host of this distribution's short domain; `default` on the CloudFront name. */
  readonly domain: string;
  /** Default fallback of this domain, used where the table names none. */
  readonly fallbackUrl?: string;
  readonly linksTable: string;
  /** Regions that hold the links table and the key secret; the home region first. */
  readonly tableRegions: readonly string[];
  /** Name or ARN of the secret that holds the edge keys. */
  readonly edgeSecret: string;
  /** Base name of the click streams; a stream is `<base>-<shard>`, shards count from 0. */
  readonly streamBase: string;
  /** Shards by region; the home region is always there. */
  readonly streamShards: Readonly<Record<string, number>>;
  readonly ipPolicy: IpPolicy;
  /** Deadline for delivering a click on an instance that has delivered before, ms. @default 300 */
  readonly putMs?: number;
  /** Deadline for the first delivery of an instance, ms. @default 1500 */
  readonly firstPutMs?: number;
  /** Deadline for one read of links or keys, ms. @default 1000 */
  readonly readMs?: number;
  /** Other endpoints than AWS's own, for the local mode and emulators. @default AWS */
  readonly endpoints?: { readonly dynamodb?: string; readonly firehose?: string; readonly secretsmanager?: string };
}

/** Name of a click stream; the same in every region, so that regional stacks need no reference. */
export function clickStreamName(base: string, shard: number): string {
  return `${base}-${shard}`;
}

/** Headers CloudFront must add for the edge function; at most 10 fit an origin request policy. */
export const viewerHeaders = [
  'CloudFront-Viewer-Address',
  'CloudFront-Viewer-ASN',
  'CloudFront-Viewer-Country',
  'CloudFront-Viewer-Country-Region',
  'CloudFront-Viewer-City',
  'CloudFront-Viewer-Time-Zone',
  'CloudFront-Viewer-Http-Version',
  'CloudFront-Viewer-TLS',
  'CloudFront-Viewer-JA4-Fingerprint',
] as const;

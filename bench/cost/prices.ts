/**
 * List prices in us-east-1, US dollars, without tax, as the pages below showed them on the day named here; check them
 * before quoting. Free tiers are those that never end; credits for new accounts are left out.
 */
export const PRICES_OF = '2026-11-23';

export interface Price {
  /** Dollars per unit. */
  readonly usd: number;
  readonly unit: string;
  /** Units a month that cost nothing, for ever. @default 0 */
  readonly free?: number;
  readonly source: string;
}

const CLOUDFRONT = 'https://aws.amazon.com/cloudfront/pricing/pay-as-you-go/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const FIREHOSE = 'https://aws.amazon.com/firehose/pricing/';
const S3 = 'https://aws.amazon.com/s3/pricing/';
const SECRETS = 'https://aws.amazon.com/secrets-manager/pricing/';
const MILLION = 1_000_000;

export const prices = {
  httpsRequests: { usd: 0.01 / 10_000, unit: 'HTTPS requests', free: 10 * MILLION, source: CLOUDFRONT },
  egress: { usd: 0.085, unit: 'GB to viewers', free: 1_024, source: CLOUDFRONT },
  edgeRequests: { usd: 0.6 / MILLION, unit: 'Lambda@Edge requests', source: CLOUDFRONT },
  /** Billed by the millisecond since 2021: https://aws.amazon.com/about-aws/whats-new/2021/03/cloudfront-lambda-at-edge-billing-granularity/ */
  edgeDuration: { usd: 0.00005001, unit: 'Lambda@Edge GB-s', source: CLOUDFRONT },
  reads: {
    usd: 0.125 / MILLION,
    unit: 'read request units',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  secretCalls: { usd: 0.05 / 10_000, unit: 'secret reads', source: SECRETS },
  secrets: { usd: 0.4, unit: 'secrets', source: SECRETS },
  ingest: { usd: 0.029, unit: 'GB into Firehose', source: FIREHOSE },
  conversion: { usd: 0.018, unit: 'GB converted to Parquet', source: FIREHOSE },
  functionRequests: { usd: 0.2 / MILLION, unit: 'enrichment calls', free: MILLION, source: LAMBDA },
  functionDuration: { usd: 0.0000133334, unit: 'enrichment GB-s (arm64)', free: 400_000, source: LAMBDA },
  puts: { usd: 0.005 / 1_000, unit: 'S3 PUT requests', source: S3 },
  storage: { usd: 0.023, unit: 'GB-months in S3', source: S3 },
  logs: { usd: 0.5, unit: 'GB of function logs', free: 5, source: CLOUDWATCH },
  alarms: { usd: 0.1, unit: 'alarms', free: 10, source: CLOUDWATCH },
  scans: { usd: 5 / 1_024, unit: 'GB scanned by Athena', source: 'https://aws.amazon.com/athena/pricing/' },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof prices;

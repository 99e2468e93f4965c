import type { EdgeConfig } from '../../lambdas/contract/edge-config.ts';

/**
 * Settings of a deployment with one region.
 * @param endpoint origin of a stand-in for all services. @default AWS
 */
export function edgeConfig(endpoint?: string): EdgeConfig {
  return {
    domain: 'go.example.com',
    fallbackUrl: 'https://www.example.com/',
    linksTable: 'links',
    tableRegions: ['us-east-1'],
    edgeSecret: 'edge',
    streamBase: 'clicks',
    streamShards: { 'us-east-1': 1 },
    ipPolicy: 'hash',
    ...(endpoint && { endpoints: { dynamodb: endpoint, firehose: endpoint, secretsmanager: endpoint } }),
  };
}

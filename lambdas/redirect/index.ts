import process from 'node:process';
import type { CloudFrontRequestEvent, CloudFrontResultResponse } from 'aws-lambda';
import { awsOrigin } from '../adapters/edge/aws-json.ts';
import { Connections } from '../adapters/edge/connections.ts';
import type { Credentials } from '../adapters/edge/signature.ts';
import type { EdgeConfig } from '../contract/edge-config.ts';
import { nearestRegion } from '../core/regions.ts';
import { unavailablePage } from './answers.ts';
import { answerTap, type RedirectServices } from './redirect.ts';
import { createServices, type Instance } from './services.ts';
import { edgeConfigOf, toTapRequest } from './viewer.ts';

/** Put in at build time: regions whose connections are opened before the first event brings the whole configuration. */
declare const ONEHOP_WARM_REGIONS: { readonly tables: readonly string[]; readonly streams: readonly string[] };

const { AWS_REGION: region = 'us-east-1' } = process.env;

function credentials(): Credentials {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '',
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
}

const instance: Instance = {
  region,
  credentials,
  connections: new Connections(),
  now: () => Date.now(),
  monotonic: () => performance.now(),
  log: (line) => process.stdout.write(`${line}\n`),
};

function warm({ tables, streams }: typeof ONEHOP_WARM_REGIONS): void {
  if (tables.length > 0) {
    instance.connections.warm(awsOrigin('dynamodb', nearestRegion(region, tables)));
    instance.connections.warm(awsOrigin('secretsmanager', nearestRegion(region, tables)));
  }
  if (streams.length > 0) instance.connections.warm(awsOrigin('firehose', nearestRegion(region, streams)));
}

warm(ONEHOP_WARM_REGIONS);

/** By what the distributions of a deployment share: an instance outlives a deployment that changes its settings. */
const services = new Map<string, RedirectServices>();

function servicesFor({ domain: _domain, fallbackUrl: _fallbackUrl, ...shared }: EdgeConfig): RedirectServices {
  const key = JSON.stringify(shared);
  const known = services.get(key) ?? createServices(shared, instance);
  services.set(key, known);
  return known;
}

/** CloudFront's origin-request event in, its answer out; a fault of ours shows the visitor a page, never a trace. */
export async function handler(event: CloudFrontRequestEvent): Promise<CloudFrontResultResponse> {
  try {
    const config = edgeConfigOf(event);
    return await answerTap(toTapRequest(event), config, servicesFor(config));
  } catch (error) {
    instance.log(
      JSON.stringify({
        log: 'redirect_failed',
        error: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown',
      }),
    );
    return unavailablePage();
  }
}

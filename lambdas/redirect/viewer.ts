import type { CloudFrontRequest, CloudFrontRequestEvent } from 'aws-lambda';
import { EDGE_CONFIG_HEADER, type EdgeConfig } from '../contract/edge-config.ts';
import type { TapRequest } from '../core/redirect/tap-request.ts';
import { addressOf } from '../core/redirect/visitor-address.ts';

/** The distribution's origin carries no settings: the stack is broken, no request can be answered. */
export class EdgeConfigError extends Error {
  override readonly name = 'EdgeConfigError';
}

/** Translates CloudFront's origin-request event; the one place that knows its form. */
export function toTapRequest(event: CloudFrontRequestEvent): TapRequest {
  const { config, request } = eventRecord(event);
  const header = (name: string) => request.headers[name]?.[0]?.value ?? null;
  const viewerAddress = header('cloudfront-viewer-address');
  return {
    requestId: config.requestId,
    method: request.method,
    host: (header('host') ?? '').toLowerCase().replace(/:\d+$/, ''),
    path: request.uri,
    query: request.querystring,
    header,
    address: viewerAddress ? addressOf(viewerAddress) : request.clientIp || null,
  };
}

const parsed = new Map<string, EdgeConfig>();

/** Settings of the distribution that asks; an instance may serve several, so each text is parsed once. */
export function edgeConfigOf(event: CloudFrontRequestEvent): EdgeConfig {
  const { origin } = eventRecord(event).request;
  // The origin's host is a bucket's: CloudFront may call it a custom origin or an S3 one.
  const text = (origin?.custom ?? origin?.s3)?.customHeaders[EDGE_CONFIG_HEADER]?.[0]?.value;
  if (!text) throw new EdgeConfigError(`the origin has no ${EDGE_CONFIG_HEADER} header`);
  const known = parsed.get(text);
  if (known) return known;
  const config = JSON.parse(text) as EdgeConfig;
  parsed.set(text, config);
  return config;
}

function eventRecord(event: CloudFrontRequestEvent): { config: { requestId: string }; request: CloudFrontRequest } {
  const [record] = event.Records;
  if (!record) throw new EdgeConfigError('the event holds no record');
  return record.cf;
}

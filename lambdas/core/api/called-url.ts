import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** A URL by the host that API Gateway served it under: one that is not ours never gets here, whatever a header says. */
export interface CalledUrl {
  /** `https://api.brand.com`; plain HTTP on this machine only. */
  readonly origin: string;
  readonly path: string;
  /** Without `?`, as it came. */
  readonly query: string;
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\]|[a-z0-9-]+\.localhost)(:\d+)?$/;

/** The URL of an event. */
export function calledUrl({ requestContext, rawPath, rawQueryString }: APIGatewayProxyEventV2): CalledUrl {
  const host = requestContext.domainName ?? '';
  return {
    origin: `${LOOPBACK.test(host) ? 'http' : 'https'}://${host}`,
    path: rawPath,
    query: rawQueryString,
  };
}

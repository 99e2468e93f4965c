import type { IncomingMessage } from 'node:http';
import type { CloudFrontHeaders, CloudFrontRequestEvent } from 'aws-lambda';
import { EDGE_CONFIG_HEADER, EDGE_CONFIG_MAX_LENGTH, type EdgeConfig } from '../../lambdas/contract/edge-config.ts';
import type { Viewer } from './viewer.ts';

type Origin = NonNullable<CloudFrontRequestEvent['Records'][number]['cf']['request']['origin']>;

/** Headers a viewer sends that CloudFront never passes on: hop by hop, its own names, and those of the simulator. */
const DROPPED =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|content-length|cloudfront-.*|x-amz-cf-.*|x-edge-.*|x-real-ip|sim-.*)$/;

/**
 * The origin of a distribution, which carries the settings of the edge function.
 * @throws Error where the settings do not fit a custom header of CloudFront
 */
export function originWith(config: EdgeConfig): Origin {
  const value = JSON.stringify(config);
  if (value.length > EDGE_CONFIG_MAX_LENGTH)
    throw new Error(`the edge settings have ${value.length} characters, CloudFront takes ${EDGE_CONFIG_MAX_LENGTH}`);
  return {
    custom: {
      customHeaders: { [EDGE_CONFIG_HEADER]: [{ key: EDGE_CONFIG_HEADER, value }] },
      domainName: 'origin.localhost',
      keepaliveTimeout: 5,
      path: '',
      port: 443,
      protocol: 'https',
      readTimeout: 30,
      sslProtocols: ['TLSv1.2'],
    },
  };
}

/** The origin-request event of a request: what CloudFront would hand to the function, and nothing else. */
export function toEvent(
  request: IncomingMessage,
  viewer: Viewer,
  origin: Origin,
  requestId: string,
): CloudFrontRequestEvent {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const config = {
    distributionDomainName: 'd111111abcdef8.cloudfront.net',
    distributionId: 'ELOCALSIMULATOR',
    eventType: 'origin-request' as const,
    requestId,
  };
  const cfRequest = {
    clientIp: viewer.ip,
    headers: headersOf(request, viewer),
    method: request.method ?? 'GET',
    querystring: mark < 0 ? '' : url.slice(mark + 1),
    uri: mark < 0 ? url : url.slice(0, mark),
    origin,
  };
  return { Records: [{ cf: { config, request: cfRequest } }] };
}

const names = new Map<string, string | null>();
const NAMES_REMEMBERED = 1_000;

/** Name under which a header is passed on, or null; remembered, because visitors send the same few over and over. */
function passedName(key: string): string | null {
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = key.toLowerCase();
  const passed = DROPPED.test(name) ? null : name;
  if (names.size < NAMES_REMEMBERED) names.set(key, passed);
  return passed;
}

function headersOf({ rawHeaders, headers: received }: IncomingMessage, viewer: Viewer): CloudFrontHeaders {
  const headers: CloudFrontHeaders = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const key = rawHeaders[index] as string;
    const name = passedName(key);
    if (name === null) continue;
    const value = rawHeaders[index + 1] as string;
    const known = headers[name];
    if (known) known.push({ key, value });
    else headers[name] = [{ key, value }];
  }
  for (const [key, value] of Object.entries(viewer.headers)) headers[key.toLowerCase()] = [{ key, value }];
  const forwarded = received['x-forwarded-for'];
  const value = forwarded ? `${String(forwarded)}, ${viewer.ip}` : viewer.ip;
  headers['x-forwarded-for'] = [{ key: 'X-Forwarded-For', value }];
  headers.via = [{ key: 'Via', value: '1.1 simulator.cloudfront.net (CloudFront)' }];
  return headers;
}

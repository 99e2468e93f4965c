import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { viewerHeaders } from '../../lambdas/contract/edge-config.ts';

type ViewerHeader = (typeof viewerHeaders)[number];

/** What CloudFront would know of a visitor. */
export interface Viewer {
  readonly ip: string;
  /** `CloudFront-*` headers that the origin request policy names and CloudFront has a value for. */
  readonly headers: Readonly<Partial<Record<ViewerHeader, string>>>;
}

/** Request headers of the simulator that say who the visitor is, and what CloudFront makes of each. */
const SIMULATED: readonly (readonly [string, ViewerHeader])[] = [
  ['sim-country', 'CloudFront-Viewer-Country'],
  ['sim-region', 'CloudFront-Viewer-Country-Region'],
  ['sim-city', 'CloudFront-Viewer-City'],
  ['sim-asn', 'CloudFront-Viewer-ASN'],
  ['sim-ja4', 'CloudFront-Viewer-JA4-Fingerprint'],
];

/** Takes the visitor from the socket, or from the `sim-…` headers where they are sent. */
export function viewerOf({ headers, socket, httpVersion }: IncomingMessage): Viewer {
  const given = String(headers['sim-viewer-ip'] ?? '');
  const ip = isIP(given) ? given : (socket.remoteAddress ?? '127.0.0.1');
  const simulated: Partial<Record<ViewerHeader, string>> = {
    'CloudFront-Viewer-Address': `${ip}:${socket.remotePort ?? 0}`,
    'CloudFront-Viewer-Http-Version': httpVersion,
  };
  for (const [name, header] of SIMULATED) {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') simulated[header] = value;
  }
  return { ip, headers: simulated };
}

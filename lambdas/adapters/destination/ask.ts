import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';

/** An address and port to connect to. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface Asked {
  readonly status: number;
  readonly location: string | null;
}

/** What comes from outside the process. */
export interface Asking {
  /** The endpoint that is connected to for one that was checked; tests put their own servers here. */
  readonly dial: (checked: Endpoint) => Endpoint;
  readonly signal: AbortSignal;
  /** Certificates that are trusted beside the usual ones. @default none */
  readonly ca?: string;
}

/** Says who asks, so that a shop's owner knows. */
const HEADERS = { 'user-agent': 'Onehop-link-check/1.0', accept: '*/*', 'accept-encoding': 'identity' };

/**
 * Sends one request to exactly this address: the name is not looked up again, only told in Host and in TLS, whose
 * certificate must be the name's. Nothing of ours goes along: no cookie, no credentials. The body is not read.
 * @throws Error of the connection, of TLS, or AbortError
 */
export function ask(method: 'HEAD' | 'GET', url: URL, address: string, { dial, signal, ca }: Asking): Promise<Asked> {
  const isTls = url.protocol === 'https:';
  const target = dial({ address, port: Number(url.port || (isTls ? 443 : 80)) });
  const host = bare(url.hostname);
  const options: RequestOptions = {
    method,
    host: target.address,
    port: target.port,
    path: `${url.pathname}${url.search}`,
    headers: { ...HEADERS, host: url.host },
    agent: false,
    signal,
  };
  const tls = { servername: isIP(host) ? '' : host, ...(ca !== undefined && { ca }) };
  return new Promise((resolve, reject) => {
    const take = (response: IncomingMessage) => {
      resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? null });
      // The headers are all that is wanted; whatever body is on its way is not.
      response.destroy();
    };
    const call = isTls ? httpsRequest({ ...options, ...tls }, take) : httpRequest(options, take);
    call.on('error', reject);
    call.end();
  });
}

/** A host without the brackets that URLs put around IPv6. */
export const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '');

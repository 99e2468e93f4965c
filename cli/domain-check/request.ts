import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type Network, PATIENCE_MS } from './network.ts';

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A page of ours is far shorter; more is not looked at. */
const MAX_BODY_BYTES = 65_536;

/** Asks an address for a URL, whatever certificate it shows: that is looked at apart. @throws Error of the connection */
export function request(method: 'GET' | 'HEAD', url: URL, address: string, { dial }: Network): Promise<Answered> {
  const isTls = url.protocol === 'https:';
  const { host, port } = dial({ host: address, port: Number(url.port || (isTls ? 443 : 80)) });
  const headers = { host: url.host, 'user-agent': 'Onehop-domain-check/1.0' };
  const options = { method, host, port, path: `${url.pathname}${url.search}`, headers, agent: false } as const;
  return new Promise((resolve, reject) => {
    const call = isTls
      ? httpsRequest({ ...options, servername: url.hostname, rejectUnauthorized: false })
      : httpRequest(options);
    call.setTimeout(PATIENCE_MS, () => call.destroy(new Error('no answer in time')));
    call.on('error', reject);
    call.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
        if (body.length > MAX_BODY_BYTES) response.destroy();
      });
      response.on('close', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    call.end();
  });
}

import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { Dns, Endpoint, Network } from '../../../cli/domain-check/network.ts';
import { selfSigned } from '../../support/certificate.ts';

export const NAME = 'go.brand.example';
export const TARGET = 'd111111abcdef8.cloudfront.net';
export const ADDRESS = '192.0.2.10';

/** Records by type and name; what is not here does not exist. */
export type Records = Partial<Record<'a' | 'aaaa' | 'cname' | 'caa', Record<string, readonly unknown[]>>>;

const RIGHT: Records = {
  a: { [NAME]: [ADDRESS], [TARGET]: [ADDRESS] },
  aaaa: { [NAME]: ['2001:db8::10'] },
  cname: { [NAME]: [TARGET] },
};

const HEADERS = {
  'cache-control': 'private, no-store',
  'strict-transport-security': 'max-age=31536000',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
};

/** What a healthy short domain answers. */
export const healthy: RequestListener = (request, response) => {
  const location = request.url === '/hello' ? 'https://shop.example/' : 'https://brand.example/sorry';
  response.writeHead(302, { ...HEADERS, location }).end();
};
const toHttps: RequestListener = (request, response) =>
  response.writeHead(301, { location: `https://${request.headers.host}${request.url}` }).end();

export interface World {
  readonly records?: Records;
  readonly https?: RequestListener;
  readonly http?: RequestListener;
  readonly tls?: TlsOptions;
  /** Names and days of the certificate. */
  readonly certificate?: { readonly names: readonly string[]; readonly days: number };
  readonly trusted?: boolean;
}

/** A network in which a name leads to servers on this machine, with a certificate that is made for the occasion. */
export async function makeWorld(world: World = {}) {
  const { names, days } = world.certificate ?? { names: [NAME], days: 200 };
  const { key, cert } = await selfSigned(names, days);
  const secure = await listening(createTlsServer({ key, cert, ...world.tls }, world.https ?? healthy));
  const plain = await listening(createServer(world.http ?? toHttps));
  const ports: Readonly<Record<number, number>> = { 80: plain.port, 443: secure.port };
  const network: Network = {
    dns: dnsOf(world.records ?? RIGHT),
    dial: ({ port }: Endpoint) => ({ host: '127.0.0.1', port: ports[port] ?? 1 }),
    ...((world.trusted ?? true) && { ca: cert }),
    unusedLabel: () => 'nobody-has-this',
    now: () => Date.now(),
  };
  return { network, close: () => Promise.all([secure.close(), plain.close()]) };
}

function dnsOf(records: Records): Dns {
  const ask =
    <T>(type: keyof Records) =>
    async (name: string) =>
      (records[type]?.[name] ?? []) as readonly T[];
  return { a: ask('a'), aaaa: ask('aaaa'), cname: ask('cname'), caa: ask('caa'), hasHttps: async () => true };
}

async function listening(server: Server) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

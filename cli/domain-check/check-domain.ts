import { checkCertificate } from './certificate.ts';
import { checkDns } from './dns.ts';
import { about, type Finding } from './finding.ts';
import type { Network } from './network.ts';
import { checkRedirects } from './redirects.ts';

export interface DomainToCheck {
  readonly name: string;
  /** CloudFront name of its distribution; null where it is not known. */
  readonly target: string | null;
  /** Origin of its short URLs: `https://<name>`, or with another scheme and port in local mode. */
  readonly origin: string;
  /** A code that redirects; null where there is none to try. */
  readonly code: string | null;
}

const LOOPBACK = '127.0.0.1';

/** Names that mean this machine everywhere (RFC 6761). */
export const isLocalName = (name: string) => /(^|\.)localhost$/.test(name);

/** Checks a short domain as the world sees it: one finding a line, in the order in which to mend them. */
export async function checkDomain(domain: DomainToCheck, network: Network): Promise<Finding[]> {
  const { name, target } = domain;
  if (isLocalName(name)) {
    const local = about('DNS, certificate').info('a name of the local mode: it means this machine, over plain HTTP');
    return [local, ...(await checkRedirects({ ...domain, address: LOOPBACK }, network))];
  }
  const { addresses, findings } = await checkDns(name, target, network);
  const [address] = addresses;
  if (address === undefined) return [...findings];
  const certificate = await checkCertificate(name, address, network);
  return [...findings, ...certificate, ...(await checkRedirects({ ...domain, address }, network))];
}

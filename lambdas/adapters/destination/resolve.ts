import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/** The name does not exist or has no address. */
export class NoSuchHostError extends Error {
  override readonly name = 'NoSuchHostError';
}

/** The resolver did not answer, so nothing is known of the name. */
export class ResolverSilentError extends Error {
  override readonly name = 'ResolverSilentError';
}

/** Finds every address of a host. @throws NoSuchHostError, ResolverSilentError */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** Longest wait for a name server, ms; a check has five seconds for everything. */
const TIMEOUT_MS = 2_000;

/**
 * Asks DNS itself, neither the hosts file nor the operating system's few threads, which a network that swallows packets
 * would keep busy. IPv4 comes first: a function outside a VPC has no way out by IPv6.
 */
export const resolveByDns: Resolve = async (host) => {
  if (isIP(host)) return [host];
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = [v4, v6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (found.length > 0) return found;
  const codes = [v4, v6].map((answer) => (answer.status === 'rejected' ? answer.reason.code : 'ENODATA'));
  if (codes.every((code) => code === 'ENOTFOUND' || code === 'ENODATA')) throw new NoSuchHostError(host);
  throw new ResolverSilentError(codes.join(', '));
};

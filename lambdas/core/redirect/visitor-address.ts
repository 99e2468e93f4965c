import { createHmac } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import type { IpPolicy } from '../../contract/edge-config.ts';
import type { EdgeKey } from '../keyring.ts';

/** What may be kept of an address under a policy. */
export interface KeptAddress {
  readonly ip: string | null;
  readonly ip_hash: string | null;
  readonly ip_prefix: string | null;
}

const NOTHING: KeptAddress = { ip: null, ip_hash: null, ip_prefix: null };
const STRICTNESS: readonly IpPolicy[] = ['full', 'hash', 'truncate'];
const DAY_MS = 86_400_000;

/** The stricter of the deployment's policy and the account's; where the account's could not be read, the strictest. */
export function effectivePolicy(deployment: IpPolicy, account: IpPolicy | null | 'unreadable'): IpPolicy {
  if (account === 'unreadable') return 'truncate';
  return STRICTNESS[Math.max(STRICTNESS.indexOf(deployment), STRICTNESS.indexOf(account ?? deployment))] ?? 'truncate';
}

/** Reduces an address to what the policy allows. The hash is keyed and changes with the UTC day, so it links clicks of one day only. */
export function keepAddress(address: string | null, policy: IpPolicy, now: number, key: EdgeKey | null): KeptAddress {
  if (!address) return NOTHING;
  const ip_prefix = networkOf(address);
  if (policy === 'truncate' || !ip_prefix) return { ...NOTHING, ip_prefix };
  return { ip: policy === 'full' ? address : null, ip_hash: key && hashAddress(address, now, key), ip_prefix };
}

/** The address without its port, from CloudFront's `ip:port` (IPv6 too: the last colon divides). */
export function addressOf(viewerAddress: string): string {
  return viewerAddress.slice(0, viewerAddress.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}

/** Network of an address: IPv4 /24, IPv6 /48; null where it is no address. */
export function networkOf(address: string): string | null {
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  if (!isIPv6(address)) return null;
  const groups = expandIPv6(address).slice(0, 3);
  return `${groups.join(':')}::/48`;
}

function hashAddress(address: string, now: number, key: EdgeKey): string {
  const day = Math.floor(now / DAY_MS);
  return createHmac('sha256', key.addressKey).update(`${day}|${address}`).digest('base64url').slice(0, 22);
}

/** The groups of an IPv6 address in lower case, `::` filled with zeros; an embedded IPv4 tail stays behind, the network does not need it. */
function expandIPv6(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const front = head === '' ? [] : head.split(':');
  const back = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length - (back.at(-1)?.includes('.') ? 1 : 0);
  return [...front, ...Array<string>(Math.max(0, zeros)).fill('0'), ...back];
}

import ipaddr from 'ipaddr.js';

/** What IANA has given out for use on the internet; everything else of IPv6 is special, reserved or not assigned yet. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * True for an address that belongs to the public internet. Private, loopback, link-local, shared, documentation,
 * benchmarking, multicast and reserved ranges are not public
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry); nor is an IPv6 address
 * that carries an IPv4 address (mapped, 6to4, Teredo, NAT64), whatever that is: it would be a second way to say it.
 */
export function isPublicAddress(address: string): boolean {
  // The parser also takes forms such as 0x7f.1 and 127.1, which no resolver gives.
  if (!ipaddr.isValid(address) || address.includes('%')) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' ? ipaddr.IPv4.isValidFourPartDecimal(address) : parsed.match(GLOBAL_IPV6);
}

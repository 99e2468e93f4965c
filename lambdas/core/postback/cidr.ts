import { BlockList, isIP } from 'node:net';

const RANGE = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

function parse(range: string): { address: string; bits: number } | null {
  const [, address = '', digits = ''] = RANGE.exec(range) ?? [];
  const version = isIP(address);
  const bits = Number(digits);
  return version === 0 || bits > (version === 4 ? 32 : 128) ? null : { address, bits };
}

/** Whether a text is an IPv4 or IPv6 address range such as `203.0.113.0/24`. */
export const isCidr = (range: string): boolean => parse(range) !== null;

/**
 * Whether an address lies in one of the ranges; an empty list lets everybody in. An IPv4 address that arrives mapped into IPv6
 * (`::ffff:203.0.113.9`) is judged as what it is. What is no address, or no range, lets nobody in.
 */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  if (ranges.length === 0) return true;
  const plain = MAPPED.exec(address)?.[1] ?? address;
  if (isIP(plain) === 0) return false;
  const list = new BlockList();
  for (const range of ranges) {
    const parsed = parse(range);
    if (parsed) list.addSubnet(parsed.address, parsed.bits, familyOf(parsed.address));
  }
  return list.check(plain, familyOf(plain));
}

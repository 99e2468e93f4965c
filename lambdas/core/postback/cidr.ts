import { isIP } from 'node:net';

const RANGE = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/;

function parse(range: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | null {
  const [, address = '', digits = ''] = RANGE.exec(range) ?? [];
  const version = isIP(address);
  const bits = Number(digits);
  if (version === 0 || bits > (version === 4 ? 32 : 128)) return null;
  return { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** Whether a text is an IPv4 or IPv6 address range such as `203.0.113.0/24`. */
export const isCidr = (range: string): boolean => parse(range) !== null;

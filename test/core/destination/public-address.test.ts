import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../../lambdas/core/destination/public-address.ts';

describe('addresses that are not on the public internet', () => {
  it.each([
    ['this network', '0.0.0.0', '0.1.2.3'],
    ['private', '10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'],
    ['shared by carriers', '100.64.0.1', '100.127.255.255'],
    ['loopback', '127.0.0.1', '127.255.255.254'],
    ['link-local and the metadata service', '169.254.0.1', '169.254.169.254', '169.254.170.2'],
    ['assigned by protocols', '192.0.0.1', '192.0.0.170'],
    ['documentation', '192.0.2.1', '198.51.100.7', '203.0.113.255'],
    ['6to4 relays', '192.88.99.1'],
    ['benchmarking', '198.18.0.1', '198.19.255.255'],
    ['multicast', '224.0.0.1', '239.255.255.255'],
    ['reserved and broadcast', '240.0.0.1', '255.255.255.255'],
    ['IPv6 unspecified and loopback', '::', '::1'],
    ['IPv6 link-local, with and without a zone', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
    ['IPv6 site-local of old', 'fec0::1'],
    ['IPv6 unique local and its metadata service', 'fc00::1', 'fd00:ec2::254', 'fdff::1'],
    ['IPv6 multicast', 'ff02::1', 'ff0e::1'],
    ['IPv6 documentation', '2001:db8::1', '3fff::1'],
    ['IPv6 benchmarking', '2001:2::1'],
    ['IPv6 discard', '100::1'],
    ['IPv4-mapped, even of a public one', '::ffff:10.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8'],
    ['IPv4-compatible of old', '::127.0.0.1', '::8.8.8.8'],
    ['NAT64, global and local', '64:ff9b::a00:1', '64:ff9b::808:808', '64:ff9b:1::a00:1'],
    ['6to4 and Teredo', '2002:7f00:1::', '2002:808:808::1', '2001:0:4136:e378::1'],
    ['ORCHID', '2001:10::1', '2001:20::1'],
    ['unassigned IPv6', '4000::1', '8000::1', 'e000::1'],
    ['other ways to write an address', '127.1', '0x7f.0.0.1', '2130706433', '010.0.0.1', '8.8.2056'],
    ['no address', '', 'localhost', 'example.com', '1.2.3.4.5', '[::1]'],
  ])('%s', (_, ...addresses) => {
    for (const address of addresses) expect([address, isPublicAddress(address)]).toEqual([address, false]);
  });
});

describe('addresses on the public internet', () => {
  it.each(['8.8.8.8', '1.1.1.1', '93.184.215.14', '172.15.255.255', '172.32.0.1', '100.63.255.255', '100.128.0.1'])(
    '%s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
  it.each(['2606:4700:4700::1111', '2a00:1450:4001::200e', '2001:4860:4860::8888'])('%s', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
});

it('never lets an IPv4 address in by the back door of an IPv6 one', () => {
  const part = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(part, part, part, part, (a, b, c, d) => {
      const hex = [a * 256 + b, c * 256 + d].map((word) => word.toString(16)).join(':');
      for (const form of [`::ffff:${hex}`, `64:ff9b::${hex}`, `2002:${hex}::`, `::${hex}`, `::ffff:0:${hex}`])
        expect(isPublicAddress(form)).toBe(false);
    }),
  );
});

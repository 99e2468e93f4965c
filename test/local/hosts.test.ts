import { describe, expect, it } from 'vitest';
import { HostList, hostOf } from '../../local/hosts.ts';

describe('HostList', () => {
  it.each(['localhost', '127.0.0.1', '[::1]', 'go.localhost', 'a.b.localhost'])('answers %s without asking', (host) => {
    const hosts = new HostList(() => Promise.reject(new Error('asked')));
    expect(hosts.allows(host)).toBe(true);
  });

  it.each(['evil.example', 'localhost.evil.example', '10.0.0.1', '', 'default', 'go.localhost.evil.example'])(
    'does not answer %j',
    async (host) => {
      expect(await new HostList(async () => false).allows(host)).toBe(false);
    },
  );

  it('answers domains that were set up', async () => {
    const hosts = new HostList(async (host) => host === 'go.brand.com');
    expect(await hosts.allows('go.brand.com')).toBe(true);
    expect(await hosts.allows('go.other.com')).toBe(false);
  });

  it('answers nothing unknown while the domains cannot be read', async () => {
    expect(await new HostList(() => Promise.reject(new Error('down'))).allows('go.brand.com')).toBe(false);
  });

  it('asks once for a host that many name at the same time', async () => {
    let asked = 0;
    const hosts = new HostList(async () => ++asked > 0);
    await Promise.all(Array.from({ length: 50 }, () => hosts.allows('go.brand.com')));
    expect(asked).toBe(1);
  });

  it('takes the name of a Host header, whatever its case and port', () => {
    expect(hostOf('GO.Localhost:8080')).toBe('go.localhost');
    expect(hostOf(undefined)).toBe('');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocal } from '../local.ts';

let local: Awaited<ReturnType<typeof startLocal>>;
beforeAll(async () => {
  local = await startLocal();
});
afterAll(() => local.close());

describe('domain check', () => {
  it('of the local name looks at redirect, headers and fallback', async () => {
    await local.json('link', 'create', '--slug', 'check-me', '--destination', 'https://shop.example/');
    const before = await local.onehop(['domain', 'check', 'go.localhost']);
    expect(before.code).toBe(0);
    expect(before.out).toMatch(/^ok +redirect: \/check-me redirects with 302 to shop\.example$/m);
    expect(before.out).toMatch(/^ok +headers: /m);
    expect(before.out).toMatch(/^warn +fallback: .*built-in page\n +→ set one: npx onehop domain update/m);
    await local.onehop(['domain', 'update', 'go.localhost', '--fallback-url', 'https://brand.example/sorry']);
    // The edge believes what it read for 25 seconds.
    local.system.clock.set({ advance_ms: 60_000 });
    const findings = await local.json('domain', 'check', 'go.localhost', '--code', 'check-me');
    expect(findings.map(({ check, level }: { check: string; level: string }) => `${check} ${level}`)).toEqual([
      'account ok',
      'DNS, certificate info',
      'redirect ok',
      'headers ok',
      'fallback ok',
    ]);
  });

  it('ends with 1 where something fails, and still prints every line', async () => {
    const { code, out, err } = await local.onehop(['domain', 'check', 'go.localhost', '--code', 'robots.txt']);
    expect([code, out.includes('fallback:')]).toEqual([1, true]);
    expect(err).toContain('FAIL');
  });
});

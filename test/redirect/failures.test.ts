import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyClickId } from '../../lambdas/core/click-id.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { SECRET, startEdge } from './harness.ts';

let edge: Awaited<ReturnType<typeof startEdge>>;
beforeEach(async () => {
  edge = await startEdge();
});
afterEach(() => edge.close());

const D = { destination: 'https://shop.example/landing' };
const FALLBACK = { fallbackUrl: 'https://brand.example/' };

describe('caps', () => {
  it('send people elsewhere once reached, and count no bots', async () => {
    edge.link('x', { ...D, params: {}, click_cap: 3, fallback_url: 'https://full.example/' });
    await edge.tap({ headers: { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' } });
    await edge.tap({ method: 'HEAD' });
    const locations = [await edge.location(), await edge.location(), await edge.location(), await edge.location()];
    expect(locations.map((url) => new URL(url ?? '').hostname)).toEqual([
      'shop.example',
      'shop.example',
      'shop.example',
      'full.example',
    ]);
    expect(edge.clicks().at(-1)).toMatchObject({ outcome: 'fallback:capped', outcome_detail: 'link' });
  });
});

describe('when things break', () => {
  it('serves the last good link while the store is down, for as long as it takes', async () => {
    edge.link('x', { ...D, params: {} });
    await edge.tap();
    edge.state.failing.add('dynamodb');
    edge.state.now += 3_600_000;
    expect(await edge.location()).toBe('https://shop.example/landing');
  });

  it('calls a store that never answered unavailable, not unknown', async () => {
    edge.state.failing.add('dynamodb');
    expect(await edge.location({ config: FALLBACK })).toBe('https://brand.example/');
    expect(edge.clicks()[0]).toMatchObject({ outcome: 'fallback:unavailable', outcome_detail: 'store', ip_hash: null });
    const page = await edge.tap();
    expect(page).toMatchObject({ status: '503', headers: { 'retry-after': [{ value: '5' }] } });
  });

  it('redirects without keys, and the row says so', async () => {
    edge.state.failing.add('secretsmanager');
    edge.link('x', D);
    expect(await edge.location()).toContain('click_id=');
    const [click] = edge.clicks();
    expect(click).toMatchObject({ key_id: 0, ip_hash: null });
    expect(verifyClickId(click?.click_id ?? '', parseKeyring(SECRET))).toMatchObject({ reason: 'unsigned' });
  });

  it('redirects without a stream and logs the whole click', async () => {
    edge.state.failing.add('firehose');
    edge.link('x', D);
    const location = await edge.location();
    const lines = edge.state.output.map((line) => JSON.parse(line));
    expect(lines).toMatchObject([{ log: 'click_not_stored', outcome: 'redirected' }]);
    expect(location).toContain(lines[0].click_id);
  });

  it('shows a page, never a trace, and logs nothing of the visitor, where something of ours is broken', async () => {
    const answer = await edge.tap({
      config: { tableRegions: undefined as never },
      path: '/marker-path',
      query: 'marker-query',
      headers: {
        'user-agent': 'marker-agent',
        'cloudfront-viewer-address': '203.0.113.77:1',
        referer: 'https://marker.example/',
      },
    });
    expect(answer).toMatchObject({ status: '503', body: expect.not.stringContaining('TypeError') });
    expect(edge.state.output).toHaveLength(1);
    expect(JSON.parse(edge.state.output[0] ?? '')).toEqual({
      log: 'redirect_failed',
      error: expect.stringMatching(/^TypeError: /),
    });
    expect(edge.state.output[0]).not.toMatch(/marker|203\.0\.113/);
  });
});

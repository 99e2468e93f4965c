import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tapColumns } from '../../lambdas/contract/clicks.ts';
import { verifyClickId } from '../../lambdas/core/click-id.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { NOW, SECRET, startEdge } from './harness.ts';

let edge: Awaited<ReturnType<typeof startEdge>>;
beforeEach(async () => {
  edge = await startEdge();
});
afterEach(() => edge.close());

const D = { destination: 'https://shop.example/landing' };
const FALLBACK = { fallbackUrl: 'https://brand.example/' };

describe('a tap on a live link', () => {
  it('is one 302 to the parametrised destination and one row with everything known', async () => {
    const link = edge.link('summer', { ...D, campaign_id: 'summer_sale', segment: 'high_value', creative: 'v2' });
    const answer = await edge.tap({
      path: '/Summer',
      query: 'utm=x',
      headers: {
        'cloudfront-viewer-address': '203.0.113.9:4711',
        'cloudfront-viewer-country': 'US',
        'cloudfront-viewer-asn': '21928',
        referer: 'https://news.example/a',
      },
    });
    const [click] = edge.clicks();
    expect(answer.status).toBe('302');
    expect(answer.headers?.location?.[0]?.value).toBe(
      `https://shop.example/landing?click_id=${click?.click_id}&campaign_id=summer_sale&segment=high_value&creative=v2`,
    );
    expect(click).toMatchObject({
      ts: NOW,
      request_id: 'request-0',
      domain: 'go.brand.com',
      code: 'Summer',
      code_kind: 'slug',
      link_no: link.link_no,
      campaign_id: 'summer_sale',
      outcome: 'redirected',
      destination_host: 'shop.example',
      status: 302,
      ip: null,
      ip_prefix: '203.0.113.0/24',
      asn: 21928,
      country: 'US',
      referrer_host: 'news.example',
      visitor_params: '{"utm":"x"}',
      cache: 'miss',
      key_id: 1,
    });
    expect(Object.keys(click ?? {}).sort()).toEqual(tapColumns.map(({ name }) => name).sort());
    const verified = verifyClickId(click?.click_id ?? '', parseKeyring(SECRET));
    expect(verified).toMatchObject({ ok: true, time: NOW, linkNo: link.link_no, nonce: click?.nonce });
  });

  it('is not cacheable, sets no cookie and tells robots and referrers nothing', async () => {
    edge.link('x', D);
    const { headers } = await edge.tap();
    expect(Object.fromEntries(Object.entries(headers ?? {}).map(([name, [first]]) => [name, first?.value]))).toEqual({
      location: expect.any(String),
      'cache-control': 'private, no-store',
      'strict-transport-security': 'max-age=31536000',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    });
  });

  it('answers HEAD like GET and records the method', async () => {
    edge.link('x', D);
    expect(await edge.location({ method: 'HEAD' })).toContain('https://shop.example/landing?click_id=');
    expect(edge.clicks()[0]?.method).toBe('HEAD');
  });

  it('finds its settings whatever kind of origin CloudFront makes of a bucket’s host', async () => {
    edge.link('x', { ...D, params: {} });
    expect(await edge.location({ originKind: 's3' })).toBe('https://shop.example/landing');
  });

  it('obeys settings that a deployment changed while the instance lived', async () => {
    edge.link('x', D);
    await edge.tap();
    await edge.tap({ config: { streamBase: 'renamed' } });
    const streams = edge.aws.calls.flatMap(({ body }) => body.DeliveryStreamName ?? []);
    expect(streams).toEqual(['clicks-0', 'renamed-0']);
  });

  it('has a new click id every time', async () => {
    edge.link('x', D);
    await Promise.all(Array.from({ length: 50 }, () => edge.tap()));
    expect(new Set(edge.clicks().map(({ click_id }) => click_id)).size).toBe(50);
  });

  it('reads a cold link in two rounds and a warm one in none', async () => {
    edge.offer('o', {});
    edge.campaign('c', {});
    edge.link('x', { offer_id: 'o', campaign_id: 'c' });
    await edge.tap();
    expect(edge.reads()).toBe(2);
    await edge.tap();
    expect([edge.reads(), edge.clicks().map(({ cache }) => cache)]).toEqual([2, ['miss', 'hit']]);
  });
});

describe('domains', () => {
  it('serve their own slug before the account’s, and only their own', async () => {
    edge.link('x', { destination: 'https://everywhere.example/', params: {} });
    edge.link('x', { destination: 'https://two.example/', params: {} }, 'two.brand.com');
    expect(await edge.location()).toBe('https://everywhere.example/');
    const two = { headers: { host: 'two.brand.com' }, config: { domain: 'two.brand.com' } };
    expect(await edge.location(two)).toBe('https://two.example/');
    expect(edge.clicks().map(({ domain }) => domain)).toEqual(['go.brand.com', 'two.brand.com']);
  });

  it('are `default` where the host is not configured', async () => {
    edge.link('x', { ...D }, 'stranger.example');
    await edge.tap({ headers: { host: 'stranger.example' }, config: { domain: 'default' } });
    expect(edge.clicks()[0]).toMatchObject({ domain: 'default', outcome: 'fallback:unknown' });
  });
});

describe('what leads nowhere', () => {
  it.each([
    ['/nothing', 'no_such_code'],
    ['/abcdefgh1', 'forged_code'],
    ['/a/b', 'malformed_code'],
    ['/', 'malformed_code'],
  ])('%s goes to the domain’s fallback, recorded as %s', async (path, outcome_detail) => {
    expect(await edge.location({ path, config: FALLBACK })).toBe('https://brand.example/');
    expect(edge.clicks()[0]).toMatchObject({
      outcome: 'fallback:unknown',
      outcome_detail,
      code_kind: 'unknown',
      link_no: null,
      status: 302,
    });
  });

  it('shows a page where no fallback is known, and records that too', async () => {
    const answer = await edge.tap({ path: '/nothing' });
    expect(answer).toMatchObject({ status: '404', body: expect.stringContaining('is not available') });
    expect(edge.clicks()[0]).toMatchObject({ status: 404, destination_host: null });
  });

  it('prefers the fallback of the domain’s entity over the deployed one', async () => {
    edge.state.items.set('domain#go.brand.com', {
      doc: { id: 'go.brand.com', status: 'active', fallback_url: 'https://entity.example/' },
    });
    expect(await edge.location({ path: '/nothing', config: FALLBACK })).toBe('https://entity.example/');
  });

  it('is no click where the path is reserved', async () => {
    expect(await edge.tap({ path: '/robots.txt' })).toMatchObject({
      status: '200',
      body: 'User-agent: *\nDisallow: /\n',
    });
    expect((await edge.tap({ path: '/.well-known/acme' })).status).toBe('404');
    expect((await edge.tap({ method: 'POST' })).status).toBe('405');
    expect(edge.aws.calls).toEqual([]);
  });
});

describe('pausing', () => {
  it.each([
    ['link', () => edge.link('x', { ...D, params: {}, status: 'paused', fallback_url: 'https://lf.example/' })],
    ['campaign', () => edge.campaign('c', { status: 'paused', fallback_url: 'https://lf.example/' })],
    ['offer', () => edge.offer('o', { status: 'paused', fallback_url: 'https://lf.example/' })],
  ])('of a %s is obeyed within 30 seconds, however steady the taps', async (_, pause) => {
    edge.offer('o', {});
    edge.campaign('c', {});
    edge.link('x', { offer_id: 'o', campaign_id: 'c', params: {} });
    await edge.tap();
    pause();
    for (let second = 0; second < 29; second++) {
      edge.state.now += 1_000;
      await edge.tap();
    }
    expect(await edge.location()).toBe('https://lf.example/');
  });
});

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tapColumns } from '../../lambdas/contract/clicks.ts';
import { readTap } from '../../lambdas/core/enrich-click.ts';
import { startEdge } from './harness.ts';

let edge: Awaited<ReturnType<typeof startEdge>>;
beforeAll(async () => {
  edge = await startEdge();
  edge.offer('o', { params: { aff: '{click_id}' }, fallback_url: 'https://of.example/' });
  edge.link('open', {
    offer_id: 'o',
    forward_query: true,
    campaign_id: 'c',
    fallback_url: 'https://lf.example/?m={country}',
  });
  edge.link('deep', { destination: 'https://shop.example/{country}/x?os={os}#{domain}', forward_query: true });
});
afterAll(() => edge.close());

const HOSTS = new Set(['o.example', 'shop.example', 'lf.example', 'brand.example', 'of.example']);
const nasty = fc.constantFrom(
  '%0d%0aSet-Cookie:a=b',
  '\r\n',
  '\u0000',
  '{click_id}',
  'https://evil.example',
  '//evil.example',
  '@evil.example',
  '%',
  '%ff',
  'ü',
  '𝒳',
  '"><script>',
  'x'.repeat(5_000),
);
const text = fc
  .array(fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), nasty), { maxLength: 4 })
  .map((parts) => parts.join(''));
const request = fc.record({
  path: fc.oneof(
    fc.constantFrom('/open', '/deep', '/OPEN/', '/deep.'),
    text.map((tail) => `/${tail}`),
  ),
  query: text,
  method: fc.constantFrom('GET', 'HEAD'),
  headers: fc.record(
    {
      host: fc.oneof(fc.constant('go.brand.com'), text),
      'user-agent': text,
      'accept-language': text,
      referer: text,
      'cloudfront-viewer-country': text,
      'cloudfront-viewer-asn': text,
      'cloudfront-viewer-address': text,
      'sec-purpose': text,
    },
    { requiredKeys: [] },
  ),
});

describe('the redirect under any request', () => {
  it('answers, sends people nowhere but to stored hosts, injects nothing and records a row the lake can hold', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (tap) => {
        const before = edge.aws.calls.length;
        const answer = await edge.tap({ ...tap, config: { fallbackUrl: 'https://brand.example/' } });
        const location = answer.headers?.location?.[0]?.value;
        const isReserved = tap.path === '/robots.txt' || tap.path.startsWith('/.well-known/');
        if (!isReserved) {
          expect(answer.status).toBe('302');
          expect(HOSTS.has(new URL(location ?? '').hostname)).toBe(true);
          expect(location).toMatch(/^https:\/\/[\x21-\x7e]+$/);
        }
        for (const [header] of Object.values(answer.headers ?? {})) expect(header?.value).not.toMatch(/[\r\n\0]/);
        const puts = edge.aws.calls.slice(before).filter((call) => call.target.endsWith('PutRecord'));
        expect(puts.length).toBe(isReserved ? 0 : 1);
        for (const { body } of puts) {
          const line = Buffer.from((body.Record as { Data: string }).Data, 'base64').toString();
          expect(line.length).toBeLessThan(100_000);
          const record = JSON.parse(line);
          expect(Object.keys(readTap(record))).toEqual(tapColumns.map(({ name }) => name));
        }
      }),
      { numRuns: 400 },
    );
    expect(edge.state.output).toEqual([]);
  });
});

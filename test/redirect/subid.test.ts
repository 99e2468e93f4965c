import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEdge } from './harness.ts';

let edge: Awaited<ReturnType<typeof startEdge>>;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

let count = 0;
/** Where a tap goes on a new link to an offer of a source that wants the click id in `sub1`. */
async function paramsOf(offer: object, link: object = {}): Promise<URLSearchParams> {
  const slug = `s${++count}`;
  edge.offer(slug, offer, { subid_param: 'sub1' });
  edge.link(slug, { offer_id: slug, ...link });
  return new URL((await edge.location({ path: `/${slug}` })) ?? '').searchParams;
}

const ID = /^[0-9a-z]{32}$/;

describe('an offer of a source', () => {
  it('carries the click id in the source’s parameter, beside what links append', async () => {
    const params = await paramsOf({});
    expect([params.get('sub1'), [...params.keys()]]).toEqual([
      expect.stringMatching(ID),
      expect.arrayContaining(['sub1', 'click_id']),
    ]);
    expect([...(await paramsOf({}, { params: {} })).keys()]).toEqual(['sub1']);
  });

  it('leaves it to offer, link or destination where they say it themselves', async () => {
    expect((await paramsOf({ params: { sub1: 'x-{click_id}' } })).get('sub1')).toMatch(/^x-[0-9a-z]{32}$/);
    expect((await paramsOf({}, { params: { sub1: '{creative}' }, creative: 'v2' })).get('sub1')).toBe('v2');
    const inDestination = await paramsOf({ destination: 'https://net.example/?aff={click_id}' }, { params: {} });
    expect([...inDestination.keys()]).toEqual(['aff']);
    expect((await paramsOf({ destination: 'https://net.example/?sub1=old' }, { params: {} })).get('sub1')).toMatch(ID);
  });

  it('of no source has none, nor have fallback URLs', async () => {
    edge.offer('plain', {});
    edge.link('plain', { offer_id: 'plain', params: {} });
    expect(await edge.location({ path: '/plain' })).toBe('https://plain.example/');
    const params = await paramsOf({ status: 'paused', fallback_url: 'https://fallback.example/' });
    expect([...params.keys()]).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaignInput } from '../../../lambdas/core/entities/campaign.ts';
import { linkInput } from '../../../lambdas/core/entities/link.ts';
import { offerInput } from '../../../lambdas/core/entities/offer.ts';
import { type Decision, decide, type Surroundings, type Tap } from '../../../lambdas/core/redirect/decision.ts';
import { LINK_PARAMS } from '../../../lambdas/core/redirect/params.ts';
import {
  type PreparedLink,
  type PreparedOffer,
  prepareCampaign,
  prepareLink,
  prepareOffer,
} from '../../../lambdas/core/redirect/prepared.ts';
import { compileDestination } from '../../../lambdas/core/redirect/template.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const tap: Tap = { now: NOW, os: 'ios', country: 'US', language: 'en-us', splitPoint: 0.5 };

const link = (fields: Record<string, unknown>): PreparedLink =>
  prepareLink({ ...linkInput.parse({ slug: 'x', ...fields }), link_no: 4_194_304 });
const offer = (id: string, fields: Record<string, unknown> = {}): PreparedOffer =>
  prepareOffer({ ...offerInput.parse({ destination: `https://${id}.example/`, ...fields }), id });

function around(offers: PreparedOffer[] = [], more: Partial<Surroundings> = {}): Surroundings {
  return {
    campaign: null,
    offers: new Map(offers.map((prepared) => [prepared.offer.id, prepared])),
    linkTaps: 0,
    offerTaps: new Map(),
    domainFallback: compileDestination('https://domain-fallback.example/'),
    ...more,
  };
}

const summary = ({ failure, template, offer: served }: Decision) =>
  `${failure ? `${failure.reason}/${failure.detail}` : 'redirected'} → ${template?.host ?? 'page'}${served ? ` (${served.offer.id})` : ''}`;

const D = { destination: 'https://own.example/' };

describe('states of a link', () => {
  it.each([
    ['active', {}, 'redirected → own.example'],
    ['paused', { status: 'paused' }, 'paused/link → domain-fallback.example'],
    ['archived', { status: 'archived' }, 'archived/link → domain-fallback.example'],
    ['not started', { starts_at: NOW + 1 }, 'not_started/link → domain-fallback.example'],
    ['started this millisecond', { starts_at: NOW }, 'redirected → own.example'],
    ['expired this millisecond', { expires_at: NOW }, 'expired/link → domain-fallback.example'],
    ['expires next millisecond', { expires_at: NOW + 1 }, 'redirected → own.example'],
    [
      'paused with a fallback of its own',
      { status: 'paused', fallback_url: 'https://lf.example/' },
      'paused/link → lf.example',
    ],
  ])('%s', (_, fields, expected) => expect(summary(decide(link({ ...D, ...fields }), tap, around()))).toBe(expected));

  it('is capped when its taps reach the cap', () => {
    const capped = link({ ...D, click_cap: 3 });
    expect(summary(decide(capped, tap, around([], { linkTaps: 2 })))).toBe('redirected → own.example');
    expect(summary(decide(capped, tap, around([], { linkTaps: 3 })))).toBe('capped/link → domain-fallback.example');
  });

  it('follows its campaign: paused sends every link to the fallback', () => {
    const campaign = prepareCampaign({
      ...campaignInput.parse({ status: 'paused', fallback_url: 'https://cf.example/' }),
      id: 'c',
    });
    expect(summary(decide(link({ ...D, campaign_id: 'c' }), tap, around([], { campaign })))).toBe(
      'paused/campaign → cf.example',
    );
    const own = link({ ...D, campaign_id: 'c', fallback_url: 'https://lf.example/' });
    expect(summary(decide(own, tap, around([], { campaign })))).toBe('paused/campaign → lf.example');
  });

  it('ends at the built-in page where no fallback is known', () =>
    expect(summary(decide(link({ ...D, status: 'paused' }), tap, around([], { domainFallback: null })))).toBe(
      'paused/link → page',
    ));
});

describe('offers and their fallbacks', () => {
  const onA = link({ offer_id: 'a', fallback_url: 'https://lf.example/' });
  it.each([
    ['a live offer', [offer('a')], 'redirected → a.example (a)'],
    ['a paused one', [offer('a', { status: 'paused' })], 'paused/offer → lf.example'],
    ['a missing one', [], 'broken/offer → lf.example'],
    ['an expired one', [offer('a', { expires_at: NOW })], 'expired/offer → lf.example'],
    [
      'its fallback offer',
      [offer('a', { status: 'paused', fallback_offer_id: 'b' }), offer('b')],
      'paused/offer → b.example (b)',
    ],
    [
      'the next fallback offer',
      [
        offer('a', { status: 'paused', fallback_offer_id: 'b' }),
        offer('b', { status: 'archived', fallback_offer_id: 'c' }),
        offer('c'),
      ],
      'paused/offer → c.example (c)',
    ],
    [
      'its fallback URL when no offer is left',
      [
        offer('a', { status: 'paused', fallback_offer_id: 'b', fallback_url: 'https://of.example/' }),
        offer('b', { status: 'paused' }),
      ],
      'paused/offer → of.example',
    ],
    [
      'an end even where offers point at each other',
      [
        offer('a', { status: 'paused', fallback_offer_id: 'b' }),
        offer('b', { status: 'paused', fallback_offer_id: 'a' }),
      ],
      'paused/offer → lf.example',
    ],
  ])('serves %s', (_, offers, expected) => expect(summary(decide(onA, tap, around(offers)))).toBe(expected));

  it('knows the offer that was meant beside the one served', () => {
    const decision = decide(onA, tap, around([offer('a', { status: 'paused', fallback_offer_id: 'b' }), offer('b')]));
    expect([decision.meantOfferId, decision.offer?.offer.id]).toEqual(['a', 'b']);
  });

  it('is capped by the offer’s own count', () => {
    const offers = [offer('a', { click_cap: 5 })];
    expect(summary(decide(onA, tap, around(offers, { offerTaps: new Map([['a', 5]]) })))).toBe(
      'capped/offer → lf.example',
    );
    expect(summary(decide(onA, tap, around(offers, { offerTaps: new Map([['a', 4]]) })))).toBe(
      'redirected → a.example (a)',
    );
  });

  it('merges parameters: the link’s own over the offer’s over the default', () => {
    const withParams = [offer('a', { params: { click_id: 'x{click_id}', aff: '1' } })];
    const params = (fields: Record<string, unknown>) =>
      decide(link({ offer_id: 'a', ...fields }), tap, around(withParams)).params;
    expect(params({})).toEqual({ ...LINK_PARAMS, click_id: 'x{click_id}', aff: '1' });
    expect(params({ params: { aff: '2' } })).toEqual({ click_id: 'x{click_id}', aff: '2' });
    expect(params({ params: {} })).toEqual({ click_id: 'x{click_id}', aff: '1' });
    expect(decide(link({ ...D, status: 'paused' }), tap, around()).params).toEqual({});
  });
});

describe('rules', () => {
  const to = (host: string) => ({ destination: `https://${host}.example/` });
  it.each([
    ['os', { os: ['ios'] }, 'redirected → rule.example'],
    ['another os', { os: ['android'] }, 'redirected → own.example'],
    ['country', { country: ['DE', 'US'] }, 'redirected → rule.example'],
    ['language', { language: ['en'] }, 'redirected → rule.example'],
    ['a narrower language', { language: ['en-GB'] }, 'redirected → own.example'],
    ['all conditions at once', { os: ['ios'], country: ['DE'] }, 'redirected → own.example'],
    ['from now', { from: NOW }, 'redirected → rule.example'],
    ['until now', { until: NOW }, 'redirected → own.example'],
  ])('match on %s', (_, when, expected) =>
    expect(summary(decide(link({ ...D, rules: [{ when, ...to('rule') }] }), tap, around()))).toBe(expected),
  );

  it('the first that matches wins', () => {
    const rules = [
      { when: { os: ['android'] }, ...to('one') },
      { when: { os: ['ios'] }, ...to('two') },
      { when: { os: ['ios'] }, ...to('three') },
    ];
    expect(summary(decide(link({ ...D, rules }), tap, around()))).toBe('redirected → two.example');
  });

  it('a rule whose offer cannot be served gives way to the link’s own target', () => {
    const rules = [{ when: { os: ['ios'] }, offer_id: 'r' }];
    const offers = [
      offer('r', { status: 'paused', fallback_url: 'https://rf.example/' }),
      offer('a', { status: 'paused', fallback_offer_id: 'b' }),
      offer('b'),
    ];
    expect(summary(decide(link({ ...D, rules }), tap, around(offers)))).toBe('paused/rule → own.example');
    expect(summary(decide(link({ offer_id: 'a', rules }), tap, around(offers)))).toBe('paused/rule → b.example (b)');
  });
});

describe('split', () => {
  const split = [
    { destination: 'https://one.example/', weight: 1, creative: 'v1' },
    { destination: 'https://three.example/', weight: 3 },
  ];
  it('serves each arm by its weight, and the arm’s creative', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (splitPoint) => {
        const decision = decide(link({ ...D, split }), { ...tap, splitPoint }, around());
        expect(decision.template?.host).toBe(splitPoint < 0.25 ? 'one.example' : 'three.example');
        expect(decision.creative).toBe(splitPoint < 0.25 ? 'v1' : null);
      }),
    );
  });

  it('a rule goes before it', () => {
    const rules = [{ when: { os: ['ios'] }, destination: 'https://rule.example/' }];
    expect(summary(decide(link({ ...D, split, rules }), tap, around()))).toBe('redirected → rule.example');
  });
});

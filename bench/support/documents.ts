import { linksKey } from '../../lambdas/contract/keys.ts';
import { campaignInput } from '../../lambdas/core/entities/campaign.ts';
import { linkInput } from '../../lambdas/core/entities/link.ts';
import { offerInput } from '../../lambdas/core/entities/offer.ts';
import type { TapSample } from './taps.ts';

const ATTRIBUTION = { campaign_id: 'summer_sale', message_id: 'welcome-1', segment: 'high_value', creative: 'v2' };
const DESTINATION = 'https://offer.example.com/landing?utm_source=sms&utm_medium=text#top';

const LINKS = [
  { slug: 'spring', destination: DESTINATION, ...ATTRIBUTION },
  { slug: 'offer', offer_id: 'shoes', ...ATTRIBUTION },
  {
    slug: 'rules',
    destination: DESTINATION,
    forward_query: true,
    rules: [
      { when: { os: ['ios'], country: ['DE'] }, destination: 'https://shop.example.com/de?c={click_id}' },
      { when: { language: ['es'] }, offer_id: 'shoes' },
    ],
    split: [
      { destination: 'https://shop.example.com/a', weight: 70, creative: 'a' },
      { destination: 'https://shop.example.com/b', weight: 30, creative: 'b' },
    ],
    ...ATTRIBUTION,
  },
];

/** The personal link; apart from its codes it is what `/spring` is. */
export const PERSONAL_LINK_NO = 7;

/** Items of a links table, by key, as they are stored: links of every kind with what they need. */
export const documents: ReadonlyMap<string, { readonly doc: object; readonly minted?: object }> = new Map<
  string,
  { doc: object; minted?: object }
>([
  ...LINKS.map((link, index): [string, { doc: object }] => [
    linksKey.slug('default', link.slug),
    { doc: { ...linkInput.parse(link), link_no: 4_194_304 + index } },
  ]),
  [
    linksKey.offer('shoes'),
    { doc: { ...offerInput.parse({ destination: 'https://shoes.example.com/?aff={click_id}' }), id: 'shoes' } },
  ],
  [
    linksKey.link(PERSONAL_LINK_NO),
    {
      doc: {
        ...linkInput.parse({ personal: true, destination: DESTINATION, ...ATTRIBUTION }),
        link_no: PERSONAL_LINK_NO,
      },
      minted: { code_key: 1, subscriber_max: 1_000_000 },
    },
  ],
  [linksKey.campaign('summer_sale'), { doc: { ...campaignInput.parse({ name: 'Summer sale' }), id: 'summer_sale' } }],
]);

/** A tap on each kind of link, and on a code that leads nowhere. */
export const samples: readonly TapSample[] = [
  { path: '/spring' },
  { path: '/offer' },
  { path: '/rules', query: 'gclid=abc123&ref=text' },
  { path: '/nowhere' },
];

/** Letters for a keyring; it protects nothing. */
export const SECRET = JSON.stringify({ key_1: 'benchmark'.repeat(7).padEnd(64, '0') });

import { type DealId, OFFER_OF, type OfferId } from '../simulator/affiliate.ts';
import type { Client } from './client.ts';
import { ensureFresh } from './welcome-setup.ts';

export const AFFILIATE_CAMPAIGN = 'deals';

export interface AffiliateSetup {
  readonly links: Readonly<Record<DealId, number>>;
  /** URL that a person pasted into the network's screens, by the offer it runs: macros as the network knows them. */
  readonly postbackUrls: Readonly<Record<OfferId, string>>;
}

/** Number under which the Everflow offer reports leads; nobody told us at first. */
export const LEAD_EVENT = '12';

/**
 * Two networks, an offer on each, and a personal link to each offer. Somebody mistyped TUNE's payout macro, so that every postback holds
 * the macro itself; the payout stands in another parameter, `rev`, too.
 */
export async function setUpAffiliate(client: Client): Promise<AffiliateSetup> {
  await ensureFresh(client, AFFILIATE_CAMPAIGN);
  const everflow = await client.call('PUT', '/v1/sources/everflow', { profile: 'everflow', currency: 'USD' });
  const tune = await client.call('PUT', '/v1/sources/tune', { profile: 'tune', currency: 'USD' });
  await client.call('PUT', '/v1/offers/bags', {
    destination: 'https://tune.example/aff_c?offer_id=7&aff_id=1042',
    source_id: 'tune',
    fallback_url: 'https://brand.example/bags',
  });
  await client.call('PUT', '/v1/offers/shoes', {
    destination: 'https://everflow.example/9K2LM/7TR4X/?oid=31&affid=1042',
    source_id: 'everflow',
    fallback_offer_id: 'bags',
  });
  await client.call('PUT', `/v1/campaigns/${AFFILIATE_CAMPAIGN}`, {
    name: 'Deals',
    currency: 'USD',
    fallback_url: 'https://brand.example/deals',
    attribution: { model: 'last', window: '7d' },
  });
  const links: [string, number][] = [];
  for (const [deal, offer] of Object.entries(OFFER_OF)) {
    const link = { personal: true, offer_id: offer, campaign_id: AFFILIATE_CAMPAIGN, message_id: deal };
    links.push([deal, (await client.call('POST', '/v1/links', link)).link_no]);
  }
  const mistyped = String(tune.postback_url).replace('payout={payout}', 'payout={offer_payout}&rev={payout}');
  return {
    links: Object.fromEntries(links) as Record<DealId, number>,
    postbackUrls: { shoes: String(everflow.postback_url), bags: mistyped },
  };
}

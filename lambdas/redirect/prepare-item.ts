import type { MintedState, PromoState } from '../contract/keys.ts';
import type { Campaign } from '../core/entities/campaign.ts';
import type { Domain } from '../core/entities/domain.ts';
import type { Link } from '../core/entities/link.ts';
import type { Offer } from '../core/entities/offer.ts';
import type { Settings } from '../core/entities/settings.ts';
import { prepareCampaign, prepareLink, prepareOffer } from '../core/redirect/prepared.ts';
import { compileDestination } from '../core/redirect/template.ts';

type Item = Record<string, unknown>;

/** What the cache keeps of an item of the links table, by the kind its key names. */
const PREPARERS: Readonly<Record<string, (item: Item) => unknown>> = {
  slug: ({ doc }) => prepareLink(doc as Link),
  link: ({ doc, minted }) => prepareLink(doc as Link, (minted as MintedState | undefined) ?? null),
  offer: ({ doc, subid_param }) => prepareOffer(doc as Offer, typeof subid_param === 'string' ? subid_param : null),
  campaign: ({ doc, promo_state }) => prepareCampaign(doc as Campaign, (promo_state as PromoState | undefined) ?? null),
  counter: ({ taps }) => Number(taps),
  domain: ({ doc }) => prepareDomain(doc as Domain),
  settings: ({ doc }) => ({ ipPolicy: (doc as Settings).ip_policy ?? null }),
};

function prepareDomain(domain: Domain) {
  const fallback = domain.fallback_url ? compileDestination(domain.fallback_url) : null;
  return { fallback, isActive: domain.status === 'active' };
}

/**
 * Makes an item ready for many taps.
 * @throws TypeError where an item has no document: it was not written by us
 */
export function prepareItem(key: string, item: unknown): unknown {
  const kind = key.split('#', 1)[0] ?? '';
  return PREPARERS[kind]?.(item as Item) ?? null;
}

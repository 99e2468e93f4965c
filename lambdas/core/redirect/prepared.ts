import type { MintedState, PromoState } from '../../contract/keys.ts';
import type { Campaign } from '../entities/campaign.ts';
import type { Link } from '../entities/link.ts';
import type { Offer } from '../entities/offer.ts';
import { MAX_PROMO_CAMPAIGN_NO } from '../promo-code.ts';
import { LINK_PARAMS } from './params.ts';
import { compileDestination, type DestinationTemplate } from './template.ts';

/** Documents as the redirect keeps them in its cache: times as numbers, destinations taken apart. */

export type Target =
  | { readonly kind: 'destination'; readonly template: DestinationTemplate | null }
  | { readonly kind: 'offer'; readonly offerId: string };

/** What decides whether something may be served at a moment. Times are epoch milliseconds; the end is exclusive. */
export interface Lifecycle {
  readonly status: 'active' | 'paused' | 'archived';
  readonly startsAt: number;
  readonly expiresAt: number;
  readonly clickCap: number;
}

export interface PreparedRule {
  readonly os: ReadonlySet<string> | null;
  readonly country: ReadonlySet<string> | null;
  readonly languages: readonly string[] | null;
  readonly from: number;
  readonly until: number;
  readonly target: Target;
}

export interface PreparedArm {
  readonly target: Target;
  readonly weight: number;
  readonly creative: string | null;
}

export interface PreparedLink {
  readonly link: Link;
  readonly lifecycle: Lifecycle;
  readonly rules: readonly PreparedRule[];
  readonly split: readonly PreparedArm[];
  readonly target: Target;
  /** Parameters the link names itself; null where it left the default. */
  readonly ownParams: Readonly<Record<string, string>> | null;
  readonly fallback: DestinationTemplate | null;
  readonly sentAt: number | null;
  /** Null where no code was minted on the link yet. */
  readonly minted: MintedState | null;
}

export interface PreparedOffer {
  readonly offer: Offer;
  readonly lifecycle: Lifecycle;
  readonly template: DestinationTemplate | null;
  readonly fallback: DestinationTemplate | null;
  /** Parameters to append: the offer's own, and the one in which its source wants the click id. */
  readonly params: Readonly<Record<string, string>>;
}

export interface PreparedCampaign {
  readonly status: Campaign['status'];
  readonly fallback: DestinationTemplate | null;
  /** What promo codes of the campaign are made from; null where it has none. */
  readonly promo: (PromoState & { readonly prefix: string }) | null;
}

const always = { startsAt: Number.NEGATIVE_INFINITY, endless: Number.POSITIVE_INFINITY } as const;
const millis = (time: string | null | undefined, absent: number) => (time ? Date.parse(time) : absent);
const template = (url: string | null | undefined) => (url ? compileDestination(url) : null);

function target(value: { destination?: string | null; offer_id?: string | null }): Target {
  return value.offer_id
    ? { kind: 'offer', offerId: value.offer_id }
    : { kind: 'destination', template: template(value.destination) };
}

function lifecycle(
  value: Pick<Link, 'status' | 'expires_at' | 'click_cap'> & { starts_at?: string | null },
): Lifecycle {
  return {
    status: value.status,
    startsAt: millis(value.starts_at, always.startsAt),
    expiresAt: millis(value.expires_at, always.endless),
    clickCap: value.click_cap ?? always.endless,
  };
}

function rule({ when, ...rest }: Link['rules'][number]): PreparedRule {
  return {
    os: when.os ? new Set<string>(when.os) : null,
    country: when.country ? new Set(when.country) : null,
    languages: when.language?.map((tag) => tag.toLowerCase()) ?? null,
    from: millis(when.from, always.startsAt),
    until: millis(when.until, always.endless),
    target: target(rest),
  };
}

/** Parameters a link names itself; the default ones count as unnamed, so that an offer may replace them. */
function ownParams(params: Link['params'] | undefined): PreparedLink['ownParams'] {
  const isDefault =
    !params || JSON.stringify(Object.entries(params).sort()) === JSON.stringify(Object.entries(LINK_PARAMS).sort());
  return isDefault ? null : params;
}

export function prepareLink(link: Link, minted: MintedState | null = null): PreparedLink {
  return {
    link,
    lifecycle: lifecycle(link),
    rules: (link.rules ?? []).map(rule),
    split: (link.split ?? []).map((arm) => ({
      target: target(arm),
      weight: arm.weight,
      creative: arm.creative ?? null,
    })),
    target: target(link),
    ownParams: ownParams(link.params),
    fallback: template(link.fallback_url),
    sentAt: link.sent_at ? Date.parse(link.sent_at) : null,
    minted,
  };
}

/** @param subidParam parameter in which the offer's source wants the click id; null where it wants none */
export function prepareOffer(offer: Offer, subidParam: string | null = null): PreparedOffer {
  return {
    offer,
    params: { ...(subidParam && { [subidParam]: '{click_id}' }), ...offer.params },
    lifecycle: lifecycle(offer),
    template: template(offer.destination),
    fallback: template(offer.fallback_url),
  };
}

export function prepareCampaign(campaign: Campaign, state: PromoState | null = null): PreparedCampaign {
  const isUsable = state && Number.isInteger(state.no) && state.no >= 1 && state.no <= MAX_PROMO_CAMPAIGN_NO;
  const promo = campaign.promo && isUsable ? { ...state, prefix: campaign.promo.prefix } : null;
  return { status: campaign.status, fallback: template(campaign.fallback_url), promo };
}

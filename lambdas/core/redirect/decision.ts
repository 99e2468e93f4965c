import { LINK_PARAMS } from './params.ts';
import type { Lifecycle, PreparedCampaign, PreparedLink, PreparedOffer, PreparedRule, Target } from './prepared.ts';
import type { DestinationTemplate } from './template.ts';

/** Why something is not served; the word stands in `outcome` after `fallback:`. */
export type FallbackReason =
  | 'paused'
  | 'archived'
  | 'not_started'
  | 'expired'
  | 'capped'
  | 'broken'
  | 'unknown'
  | 'unavailable';

export interface Failure {
  readonly reason: FallbackReason;
  readonly detail: string;
}

/** Where a tap goes. Without a template the built-in page answers. */
export interface Decision {
  readonly failure: Failure | null;
  readonly template: DestinationTemplate | null;
  /** Parameters to append; none on fallback URLs. */
  readonly params: Readonly<Record<string, string>>;
  readonly offer: PreparedOffer | null;
  /** Offer that was meant, served or not. */
  readonly meantOfferId: string | null;
  /** Creative of the split arm that was served; null where the link's own counts. */
  readonly creative: string | null;
  /** True where the link served a destination or offer of its own, so that its cap counts this tap. */
  readonly served: boolean;
}

/** What the visitor and the moment bring to a decision. */
export interface Tap {
  readonly now: number;
  readonly os: string;
  readonly country: string | null;
  /** The visitor's preferred language tag in lower case. */
  readonly language: string | null;
  /** A number in [0, 1) that picks the split arm: of the subscriber where there is one, else of the click. */
  readonly splitPoint: number;
}

/** Everything a link needs beyond itself. An offer that is null does not exist. */
export interface Surroundings {
  readonly campaign: PreparedCampaign | null;
  readonly offers: ReadonlyMap<string, PreparedOffer | null>;
  readonly linkTaps: number;
  readonly offerTaps: ReadonlyMap<string, number>;
  /** The domain's fallback URL, the last before the built-in page. */
  readonly domainFallback: DestinationTemplate | null;
}

/** Decides where a tap on a known link goes, along the fallback chain; pure. */
export function decide(link: PreparedLink, tap: Tap, around: Surroundings): Decision {
  const chosen = choose(link, tap);
  const meantOfferId = chosen.target.kind === 'offer' ? chosen.target.offerId : null;
  return { ...decideOn(chosen, link, tap, around), meantOfferId };
}

type Undirected = Omit<Decision, 'meantOfferId'>;

function decideOn(chosen: Choice, link: PreparedLink, tap: Tap, around: Surroundings): Undirected {
  const failure = linkFailure(link, tap.now, around);
  if (failure) return fallbackUrl([link.fallback, around.campaign?.fallback, around.domainFallback], failure);
  const first = serve(chosen.target, link, tap.now, around);
  if (first.ok) return served(first, null, chosen.creative);
  const firstFailure = { reason: first.reason, detail: detailOf(chosen, link) };
  return serveLinkOwn(link, tap, around, chosen.target, firstFailure);
}

/** What could not be served: a rule, a split arm, or the link's own offer or destination. */
function detailOf({ target, isRule }: Choice, link: PreparedLink): string {
  if (isRule) return 'rule';
  if (target !== link.target) return 'split';
  return target.kind === 'offer' ? 'offer' : 'link';
}

/** The chosen target failed: the link's own, then the fallback offers, then the fallback URLs. */
function serveLinkOwn(link: PreparedLink, tap: Tap, around: Surroundings, tried: Target, failure: Failure): Undirected {
  const own = link.target === tried ? null : serve(link.target, link, tap.now, around);
  if (own?.ok) return served(own, failure, null);
  const chain = fallbackOffers(link.target, around.offers);
  for (const offerId of chain.slice(1)) {
    const next = serve({ kind: 'offer', offerId }, link, tap.now, around);
    if (next.ok) return served(next, failure, null);
  }
  const offerFallbacks = chain.map((offerId) => around.offers.get(offerId)?.fallback);
  return fallbackUrl([...offerFallbacks, link.fallback, around.campaign?.fallback, around.domainFallback], failure);
}

/** The first URL of a fallback chain that exists; without one the built-in page answers. */
export function fallbackUrl(chain: readonly (DestinationTemplate | null | undefined)[], failure: Failure): Decision {
  const template = chain.find((candidate) => candidate != null) ?? null;
  return { failure, template, params: {}, offer: null, meantOfferId: null, creative: null, served: false };
}

/**
 * Ids of an offer target and its fallback offers, in order, as far as they are known; a loop, which a save refuses, ends it.
 * An id that is not in `offers` yet is the last: the caller reads it and asks again.
 */
export function fallbackOffers(target: Target, offers: ReadonlyMap<string, PreparedOffer | null>): string[] {
  const chain: string[] = [];
  let next = target.kind === 'offer' ? target.offerId : null;
  while (next && !chain.includes(next)) {
    chain.push(next);
    next = offers.get(next)?.offer.fallback_offer_id ?? null;
  }
  return chain;
}

/** State of anything with a lifecycle; null where it may be served. */
export function lifecycleFailure(state: Lifecycle, now: number, taps: number): FallbackReason | null {
  if (state.status !== 'active') return state.status;
  if (now < state.startsAt) return 'not_started';
  if (now >= state.expiresAt) return 'expired';
  return taps >= state.clickCap ? 'capped' : null;
}

function linkFailure(link: PreparedLink, now: number, around: Surroundings): Failure | null {
  const reason = lifecycleFailure(link.lifecycle, now, around.linkTaps);
  if (reason) return { reason, detail: 'link' };
  const status = around.campaign?.status ?? 'active';
  return status === 'active' ? null : { reason: status, detail: 'campaign' };
}

type Served =
  | {
      readonly ok: true;
      readonly template: DestinationTemplate;
      readonly offer: PreparedOffer | null;
      readonly params: Decision['params'];
    }
  | { readonly ok: false; readonly reason: FallbackReason };

function serve(target: Target, link: PreparedLink, now: number, around: Surroundings): Served {
  const offer = target.kind === 'offer' ? (around.offers.get(target.offerId) ?? null) : null;
  if (target.kind === 'offer' && offer) {
    const reason = lifecycleFailure(offer.lifecycle, now, around.offerTaps.get(target.offerId) ?? 0);
    if (reason) return { ok: false, reason };
  }
  const template = target.kind === 'destination' ? target.template : offer?.template;
  if (!template) return { ok: false, reason: 'broken' };
  const params = { ...(link.ownParams ? {} : LINK_PARAMS), ...offer?.params, ...link.ownParams };
  return { ok: true, template, offer, params };
}

function served(result: Served & { ok: true }, failure: Failure | null, creative: string | null): Undirected {
  return { failure, template: result.template, params: result.params, offer: result.offer, creative, served: true };
}

export interface Choice {
  readonly target: Target;
  readonly creative: string | null;
  readonly isRule: boolean;
}

/** What a link would serve this visitor, before asking whether it can: the first matching rule, else the split arm, else its own target. */
export function choose(link: PreparedLink, tap: Tap): Choice {
  const rule = link.rules.find((candidate) => matches(candidate, tap));
  if (rule) return { target: rule.target, creative: null, isRule: true };
  const arm = pickArm(link.split, tap.splitPoint);
  return { target: arm?.target ?? link.target, creative: arm?.creative ?? null, isRule: false };
}

function matches(rule: PreparedRule, tap: Tap): boolean {
  if (tap.now < rule.from || tap.now >= rule.until) return false;
  if (rule.os && !rule.os.has(tap.os)) return false;
  if (rule.country && !(tap.country && rule.country.has(tap.country))) return false;
  return !rule.languages || rule.languages.some((tag) => tap.language === tag || tap.language?.startsWith(`${tag}-`));
}

function pickArm(split: PreparedLink['split'], point: number): PreparedLink['split'][number] | null {
  const total = split.reduce((sum, arm) => sum + arm.weight, 0);
  let left = point * total;
  for (const arm of split) {
    left -= arm.weight;
    if (left < 0) return arm;
  }
  return null;
}

import { linksKey } from '../contract/keys.ts';
import { choose, fallbackOffers, lifecycleFailure, type Surroundings, type Tap } from '../core/redirect/decision.ts';
import type { PreparedCampaign, PreparedLink, PreparedOffer, Target } from '../core/redirect/prepared.ts';
import type { DestinationTemplate } from '../core/redirect/template.ts';
import type { Lookups } from './lookups.ts';

type Documents = ReadonlyMap<string, unknown>;

/**
 * Reads what a decision about this tap needs beyond its link: campaign, offers it may serve, counters of what is capped.
 * One round of reads, and one more for each fallback offer that has to step in.
 * @returns null where something needed cannot be read and never was
 */
export async function gather(
  link: PreparedLink,
  tap: Tap,
  domainFallback: DestinationTemplate | null,
  lookups: Lookups,
): Promise<Surroundings | null> {
  let documents: Documents = new Map();
  let needed = neededKeys(link, tap, documents);
  while (needed.some((key) => !documents.has(key))) {
    documents = await lookups.getMany(needed);
    if (needed.some((key) => !documents.has(key))) return null;
    needed = neededKeys(link, tap, documents);
  }
  return surroundings(link, tap, documents, domainFallback);
}

function neededKeys(link: PreparedLink, tap: Tap, documents: Documents): string[] {
  const campaign = link.link.campaign_id ? [linksKey.campaign(link.link.campaign_id)] : [];
  const taps = isCapped(link.lifecycle.clickCap) ? [linksKey.linkTaps(link.link.link_no)] : [];
  const offers = offersInReach(link, tap, documents).flatMap((id) => [
    linksKey.offer(id),
    ...offerTapsKey(id, documents),
  ]);
  return [...new Set([...campaign, ...taps, ...offers])];
}

/** Offers that may be served now: the chosen one, the link's own, and as many of its fallbacks as are not servable, and the next. */
function offersInReach(link: PreparedLink, tap: Tap, documents: Documents): string[] {
  const targets = [choose(link, tap).target, link.target];
  return targets.flatMap((target) => untilServable(target, tap.now, documents));
}

function untilServable(target: Target, now: number, documents: Documents): string[] {
  const chain = fallbackOffers(target, offersOf(documents));
  const servable = chain.findIndex((id) => {
    const offer = offerOf(id, documents);
    return offer && lifecycleFailure(offer.lifecycle, now, tapsOf(linksKey.offerTaps(id), documents)) === null;
  });
  return servable < 0 ? chain : chain.slice(0, servable + 1);
}

function surroundings(
  link: PreparedLink,
  tap: Tap,
  documents: Documents,
  domainFallback: DestinationTemplate | null,
): Surroundings {
  const offerIds = offersInReach(link, tap, documents);
  return {
    campaign:
      (documents.get(linksKey.campaign(link.link.campaign_id ?? '')) as PreparedCampaign | null | undefined) ?? null,
    offers: new Map(offerIds.map((id) => [id, offerOf(id, documents)])),
    linkTaps: tapsOf(linksKey.linkTaps(link.link.link_no), documents),
    offerTaps: new Map(offerIds.map((id) => [id, tapsOf(linksKey.offerTaps(id), documents)])),
    domainFallback,
  };
}

const OFFER = linksKey.offer('');

function offersOf(documents: Documents): ReadonlyMap<string, PreparedOffer | null> {
  const offers = [...documents].filter(([key]) => key.startsWith(OFFER));
  return new Map(offers.map(([key, value]) => [key.slice(OFFER.length), value as PreparedOffer | null]));
}

function offerOf(id: string, documents: Documents): PreparedOffer | null {
  return (documents.get(linksKey.offer(id)) as PreparedOffer | null | undefined) ?? null;
}

function offerTapsKey(id: string, documents: Documents): string[] {
  return isCapped(offerOf(id, documents)?.lifecycle.clickCap) ? [linksKey.offerTaps(id)] : [];
}

function tapsOf(key: string, documents: Documents): number {
  return (documents.get(key) as number | null | undefined) ?? 0;
}

export function isCapped(cap: number | undefined): boolean {
  return cap !== undefined && Number.isFinite(cap);
}

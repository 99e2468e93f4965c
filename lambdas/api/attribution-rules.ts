import type { AttributionRules } from '../../sql/catalog.ts';
import { EntityStore } from '../adapters/entity-store.ts';
import { linksIndex } from '../contract/keys.ts';
import type { Campaign } from '../core/entities/campaign.ts';
import type { Offer } from '../core/entities/offer.ts';
import type { Settings } from '../core/entities/settings.ts';
import type { ApiServices } from './services.ts';

/** Windows and events of the account and of every campaign and offer that has its own; the archived ones have touches too. */
export async function readAttributionRules(
  { currency, attribution, conversion_events }: Settings,
  services: ApiServices,
): Promise<AttributionRules> {
  const [campaigns, offers] = await Promise.all([
    allOf<Campaign>('campaign', services),
    allOf<Offer>('offer', services),
  ]);
  return {
    currency,
    window: attribution.window,
    events: conversion_events,
    campaign_windows: own(campaigns, (campaign) => campaign.attribution?.window ?? null),
    campaign_events: own(campaigns, (campaign) => campaign.conversion_events),
    promo_codes: campaigns.some(({ promo }) => promo !== null),
    offer_windows: own(offers, ({ window }) => window),
  };
}

function own<E extends { readonly id: string }, V>(entities: readonly E[], read: (entity: E) => V | null) {
  const known = entities.flatMap((entity) => {
    const value = read(entity);
    return value === null ? [] : [[entity.id, value] as const];
  });
  return Object.fromEntries(known);
}

/** Every entity of a kind; its id is the index's sort key. */
export async function allOf<E>(
  kind: 'campaign' | 'offer' | 'experiment',
  { linksTable, now }: ApiServices,
): Promise<E[]> {
  const store = new EntityStore(linksTable, now);
  const found: E[] = [];
  let from: Readonly<Record<string, unknown>> | null = null;
  do {
    const page: Awaited<ReturnType<typeof store.page<E>>> = await store.page<E>({
      index: linksIndex.byKind,
      partition: { name: 'kind', value: kind },
      limit: 500,
      ...(from && { from }),
    });
    found.push(...page.entities.map(({ document }) => document));
    from = page.next;
  } while (from);
  return found;
}

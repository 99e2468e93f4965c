import { linksKey } from '../contract/keys.ts';
import type { Campaign } from '../core/entities/campaign.ts';
import type { ListPrice } from '../core/sends/send-row.ts';
import type { ApiServices } from './services.ts';
import { readSettings } from './settings-routes.ts';

/** Price per SMS part by campaign: the campaign's own, else the account's, else none. */
export type PriceList = (campaignId: string | null) => ListPrice | null;

/** Reads the price list for these campaigns. */
export async function readPriceList(
  campaignIds: readonly (string | null)[],
  services: ApiServices,
): Promise<PriceList> {
  const named = [...new Set(campaignIds)].filter((id) => id !== null);
  const [settings, items] = await Promise.all([
    readSettings(services),
    services.linksTable.getMany(named.map(linksKey.campaign)),
  ]);
  return (id) => {
    const campaign = (id === null ? null : items.get(linksKey.campaign(id))?.doc) as Campaign | null | undefined;
    return campaign?.price ?? settings.price;
  };
}

import { linksKey } from '../contract/keys.ts';
import type { Campaign } from '../core/entities/campaign.ts';
import type { Settings } from '../core/entities/settings.ts';
import type { ListPrice } from '../core/sends/send-row.ts';
import type { DynamoTable } from './dynamo-table.ts';

/** Price per SMS part by campaign: the campaign's own, else the account's, else none. */
export type PriceList = (campaignId: string | null) => ListPrice | null;

/** Reads the price list for these campaigns. */
export async function readPriceList(
  linksTable: DynamoTable,
  campaignIds: readonly (string | null)[],
): Promise<PriceList> {
  const named = [...new Set(campaignIds)].filter((id) => id !== null);
  const items = await linksTable.getMany([linksKey.settings, ...named.map(linksKey.campaign)]);
  const settings = items.get(linksKey.settings)?.doc as Settings | undefined;
  return (id) => {
    const campaign = (id === null ? null : items.get(linksKey.campaign(id))?.doc) as Campaign | null | undefined;
    return campaign?.price ?? settings?.price ?? null;
  };
}

import type { DynamoTable } from '../adapters/dynamo-table.ts';
import { linksIndex } from '../contract/keys.ts';

/** True where links name a campaign: one that only they name is one all the same. */
export async function hasLinks(campaignId: string, linksTable: DynamoTable): Promise<boolean> {
  const partition = { name: 'campaign_id', value: campaignId };
  const { items } = await linksTable.query({ index: linksIndex.byCampaign, partition, limit: 1 });
  return items.length > 0;
}

import { linksKey, type PromoState } from '../contract/keys.ts';
import type { Campaign } from '../core/entities/campaign.ts';
import type { Keyring } from '../core/keyring.ts';
import { type PromoReading, readPromoCode } from '../core/promo-code.ts';
import { isSamePrefix } from '../core/promo-text.ts';
import type { DynamoTable } from './dynamo-table.ts';

/** Whom a promo code was minted for. */
export interface PromoOwner {
  readonly subscriberNo: number;
  readonly campaignId: string;
}

/**
 * Readings of a promo code that its campaign confirms: the number is its own, the key the one its codes are minted with, and the
 * prefix its prefix. Whether the subscriber exists is for the caller to see.
 */
export async function promoOwners(table: DynamoTable, text: string, keyring: Keyring): Promise<readonly PromoOwner[]> {
  const read = readPromoCode(text, keyring);
  if (!read.ok) return [];
  const pointers = await table.getMany(read.readings.map(({ campaignNo }) => linksKey.promoCampaign(campaignNo)));
  const named = read.readings.flatMap((reading) => {
    const id = pointers.get(linksKey.promoCampaign(reading.campaignNo))?.campaign_id;
    return typeof id === 'string' ? [{ reading, id }] : [];
  });
  const campaigns = await table.getMany(named.map(({ id }) => linksKey.campaign(id)));
  return named
    .filter(({ reading, id }) => {
      const item = campaigns.get(linksKey.campaign(id));
      return isMintedBy(reading, item?.promo_state as PromoState | undefined, item?.doc as Campaign | undefined);
    })
    .map(({ reading, id }) => ({ subscriberNo: reading.subscriberNo, campaignId: id }));
}

function isMintedBy({ campaignNo, keyId, prefix }: PromoReading, state?: PromoState, campaign?: Campaign): boolean {
  return (
    state?.no === campaignNo &&
    state.key === keyId &&
    campaign?.promo !== null &&
    campaign?.promo !== undefined &&
    isSamePrefix(prefix, campaign.promo.prefix)
  );
}

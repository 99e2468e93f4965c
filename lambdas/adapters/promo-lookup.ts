import { linksKey, type PromoState } from '../contract/keys.ts';
import type { Campaign } from '../core/entities/campaign.ts';
import type { Keyring } from '../core/keyring.ts';
import { type PromoReading, readPromoCode } from '../core/promo-code.ts';
import { foldLookAlikes } from '../core/promo-text.ts';
import type { DynamoTable } from './dynamo-table.ts';

/** Whom a promo code reads as minted for. */
export interface PromoOwner {
  readonly subscriberNo: number;
  readonly campaignId: string;
  /** As it was typed, folded. */
  readonly prefix: string;
  /** False where the campaign has another prefix, or none, by now. */
  readonly isHonoured: boolean;
}

/**
 * Readings of a promo code that its campaign confirms: the number is its own, and the key the one its codes are minted with. Whether
 * the subscriber exists is for the caller to see. All of these are there before a code gets out and stay for ever; the prefix is
 * what a campaign may change, and change back.
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
    .map(({ reading, id }) => ({ reading, id, item: campaigns.get(linksKey.campaign(id)) }))
    .filter(({ reading, item }) => isMintedBy(reading, item?.promo_state as PromoState | undefined))
    .map(({ reading, id, item }) => ownerOf(reading, id, item?.doc as Campaign));
}

const isMintedBy = ({ campaignNo, keyId }: PromoReading, state?: PromoState): boolean =>
  state?.no === campaignNo && state.key === keyId;

function ownerOf({ subscriberNo, prefix }: PromoReading, campaignId: string, { promo }: Campaign): PromoOwner {
  const folded = foldLookAlikes(prefix);
  const isHonoured = promo ? foldLookAlikes(promo.prefix) === folded : false;
  return { subscriberNo, campaignId, prefix: folded, isHonoured };
}

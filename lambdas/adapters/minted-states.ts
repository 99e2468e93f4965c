import { linksKey, type MintedState, type PromoState } from '../contract/keys.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { retryOnConflict } from './retry-on-conflict.ts';

/**
 * Makes sure that a link's codes are known to reach up to a subscriber, and tells the key they are minted with: the one
 * offered where the link has none yet, else the one it has for ever. To be done before a code gets out.
 */
export async function ensureMinted(
  table: DynamoTable,
  linkNo: number,
  subscriberMax: number,
  offeredKey: number,
): Promise<MintedState> {
  const pk = linksKey.link(linkNo);
  return retryOnConflict(async () => {
    const before = (await table.get(pk))?.minted as MintedState | undefined;
    if (before && before.subscriber_max >= subscriberMax) return before;
    const minted: MintedState = { code_key: before?.code_key ?? offeredKey, subscriber_max: subscriberMax };
    await table.update(
      pk,
      { set: { minted } },
      before
        ? { expression: 'minted.subscriber_max = :before', values: { ':before': before.subscriber_max } }
        : { expression: 'attribute_exists(doc) AND attribute_not_exists(minted)' },
    );
    return minted;
  });
}

/** Number and key of a campaign's promo codes, given when it mints the first and kept for ever. */
export async function ensurePromo(table: DynamoTable, campaignId: string, offeredKey: number): Promise<PromoState> {
  const pk = linksKey.campaign(campaignId);
  return retryOnConflict(async () => {
    const known = (await table.get(pk))?.promo_state as PromoState | undefined;
    if (known) return known;
    const no = await table.increment(linksKey.sequence('promo_campaign'), 'last', 0);
    // Before the number is in use, so that every code leads to its campaign; a number that is never used leads to one that denies it.
    await table.put({ pk: linksKey.promoCampaign(no), campaign_id: campaignId });
    const promo_state: PromoState = { no, key: offeredKey };
    await table.update(
      pk,
      { set: { promo_state } },
      { expression: 'attribute_exists(doc) AND attribute_not_exists(promo_state)' },
    );
    return promo_state;
  });
}

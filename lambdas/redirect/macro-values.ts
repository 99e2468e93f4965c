import type { KeyStore } from '../adapters/edge/key-store.ts';
import { promoCode } from '../core/promo-code.ts';
import type { Decision, Tap } from '../core/redirect/decision.ts';
import type { MacroValues } from '../core/redirect/macros.ts';
import type { PreparedCampaign } from '../core/redirect/prepared.ts';
import { macrosIn } from '../core/redirect/template.ts';
import type { ResolvedTap } from './resolve.ts';

/** What fills in the macros of one tap beside what was resolved and decided. */
export interface MacroSources {
  readonly tap: Tap;
  readonly clickId: string;
  readonly promoCode: string | null;
}

/** Values of the macros; empty ones are absent. */
export function macroValues(resolved: ResolvedTap, decision: Decision, sources: MacroSources): MacroValues {
  const document = resolved.link?.link;
  const values: Record<string, string | null | undefined> = {
    click_id: sources.clickId,
    campaign_id: document?.campaign_id,
    message_id: document?.message_id,
    creative: decision.creative ?? document?.creative,
    segment: document?.segment,
    offer_id: decision.offer?.offer.id,
    partner: document?.partner,
    subscriber_no: resolved.subscriberNo?.toString(),
    promo_code: sources.promoCode,
    domain: resolved.domain,
    country: sources.tap.country,
    os: sources.tap.os,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value)) as MacroValues;
}

/**
 * The subscriber's promo code in the link's campaign, where anything the tap may be sent to shows it; null where the
 * campaign has none, nobody is known, or its key cannot be had.
 */
export async function promoCodeOf(
  resolved: ResolvedTap,
  decision: Decision,
  campaign: PreparedCampaign | null,
  keys: Pick<KeyStore, 'get' | 'renew'>,
): Promise<string | null> {
  const { subscriberNo } = resolved;
  if (subscriberNo === null || !campaign?.promo || !showsPromoCode(resolved, decision)) return null;
  const { no: campaignNo, key: keyId, prefix } = campaign.promo;
  const key = (await keys.get())?.byId.get(keyId) ?? (await keys.renew())?.byId.get(keyId);
  return key ? promoCode({ campaignNo, subscriberNo }, key, prefix) : null;
}

function showsPromoCode({ link, domainFallback }: ResolvedTap, { template, params }: Decision): boolean {
  return (
    [template, link?.fallback, domainFallback].some((target) => target?.macros.has('promo_code')) ||
    Object.values(params).some((value) => macrosIn(value).has('promo_code'))
  );
}

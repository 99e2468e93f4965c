import type { Stored } from '../adapters/entity-store.ts';
import type { Campaign } from '../core/entities/campaign.ts';
import { foldLookAlikes, isSamePrefix } from '../core/promo-text.ts';
import type { ApiServices } from './services.ts';

type Document = Readonly<Record<string, unknown>>;

/**
 * Codes that were given out name somebody while their campaign has the prefix they were given out with. Where it gets it back,
 * conversions that brought such codes meanwhile are matched by the next sweep that begins a minute later, when this is written.
 */
export async function announcePromo(
  document: Document,
  previous: Stored<Document> | null,
  { ledger }: Pick<ApiServices, 'ledger'>,
): Promise<void> {
  const { id: campaignId, promo } = document as unknown as Campaign;
  const before = (previous?.document as Campaign | undefined)?.promo ?? null;
  const wereCodesMinted = previous?.codeKey !== undefined;
  if (!promo || !wereCodesMinted || (before && isSamePrefix(before.prefix, promo.prefix))) return;
  await ledger.jobs.addPromo({ campaignId, prefix: foldLookAlikes(promo.prefix) });
}

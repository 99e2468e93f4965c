import { EntityStore } from '../adapters/entity-store.ts';
import { linksKey } from '../contract/keys.ts';
import { type Fault, fault, invalid } from '../core/api/problem.ts';
import type { Offer } from '../core/entities/offer.ts';
import { circularFaults } from './circular-faults.ts';
import type { ApiServices } from './services.ts';

/** Longest chain of fallback offers; the redirect reads each of them in turn. */
const MAX_CHAIN = 10;

/** @throws Problem 422 where the offer's fallbacks do not exist, lead back to it or go on too long */
export async function checkOffer(id: string, document: Record<string, unknown>, services: ApiServices): Promise<void> {
  const circular = ['destination', 'fallback_url'].flatMap((path) =>
    circularFaults(path, (document[path] as string | null) ?? null, services.deployment),
  );
  if (circular.length > 0) throw invalid(circular);
  const chain = [id];
  let next = document.fallback_offer_id as string | null;
  while (next) {
    if (chain.includes(next)) throw faulty(`leads back: ${[...chain, next].join(' → ')}`);
    chain.push(next);
    if (chain.length > MAX_CHAIN) throw faulty(`is followed by more than ${MAX_CHAIN} offers: shorten the chain`);
    const offer: Offer | null = await findOffer(next, services);
    if (!offer) throw faulty(`there is no offer ${next}: create it first`);
    next = offer.fallback_offer_id;
  }
}

const faulty = (message: string) => invalid([fault('fallback_offer_id', 'invalid', message)]);

/** Faults of references to offers that do not exist, by the path that names them. */
export async function missingOffers(
  references: readonly (readonly [path: string, id: string])[],
  services: ApiServices,
): Promise<Fault[]> {
  const ids = [...new Set(references.map(([, id]) => id))];
  const found = await Promise.all(ids.map(async (id) => [id, await findOffer(id, services)] as const));
  const missing = new Set(found.filter(([, offer]) => !offer).map(([id]) => id));
  return references
    .filter(([, id]) => missing.has(id))
    .map(([path, id]) => fault(path, 'no_such_offer', `there is no offer ${id}: create it first`));
}

async function findOffer(id: string, { linksTable, now }: ApiServices): Promise<Offer | null> {
  return (await new EntityStore(linksTable, now).get<Offer>(linksKey.offer(id)))?.document ?? null;
}

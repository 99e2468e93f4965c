import { EntityStore } from '../../adapters/entity-store.ts';
import { ensureMinted, ensurePromo } from '../../adapters/minted-states.ts';
import { linksKey } from '../../contract/keys.ts';
import { Problem } from '../../core/api/problem.ts';
import type { Campaign } from '../../core/entities/campaign.ts';
import type { Link } from '../../core/entities/link.ts';
import type { EdgeKey, Keyring } from '../../core/keyring.ts';
import { mintCodes } from '../../core/personal-code.ts';
import { promoCodes } from '../../core/promo-code.ts';
import { linkOrigin } from '../link-view.ts';
import type { ApiServices } from '../services.ts';
import type { Placed } from './placed.ts';

/** A recipient as the answer and the lake tell of them. */
export interface Coded extends Placed {
  readonly code: string | null;
  readonly url: string | null;
  readonly promoCode: string | null;
}

/** The campaign of a link; null where it has none, or one that exists only by its name. */
export async function campaignOf(link: Pick<Link, 'campaign_id'>, services: ApiServices): Promise<Campaign | null> {
  if (link.campaign_id === null) return null;
  const store = new EntityStore(services.linksTable, services.now);
  return (await store.get<Campaign>(linksKey.campaign(link.campaign_id)))?.document ?? null;
}

/** Makes the codes of all recipients, link by link; null stays null. */
export async function codesOf(
  recipients: readonly (Placed | null)[],
  services: ApiServices,
): Promise<readonly (Coded | null)[]> {
  const coded: (Coded | null)[] = recipients.map(
    (recipient) => recipient && { ...recipient, code: null, url: null, promoCode: null },
  );
  const byLink = new Map<number, { link: Link; places: number[] }>();
  for (const [at, recipient] of recipients.entries()) {
    const link = recipient?.mintsOn;
    if (!link) continue;
    const group = byLink.get(link.link_no) ?? { link, places: [] };
    byLink.set(link.link_no, group);
    group.places.push(at);
  }
  const keyring = await services.keys.edge();
  const promoOf = promoMinter(keyring, services);
  await Promise.all(
    [...byLink.values()].map(async ({ link, places }) => {
      const numbers = places.map((at) => recipients[at]?.subscriberNo ?? 0);
      const codes = await linkCodes(link, numbers, keyring, services);
      const promos = await promoOf(link, numbers);
      const origin = linkOrigin(link.domain, services.deployment);
      for (const [index, at] of places.entries()) {
        const recipient = recipients[at];
        const code = codes[index];
        if (recipient && code)
          coded[at] = { ...recipient, code, url: `${origin}/${code}`, promoCode: promos?.[index] ?? null };
      }
    }),
  );
  return coded;
}

async function linkCodes(link: Link, numbers: readonly number[], keyring: Keyring, { linksTable, now }: ApiServices) {
  const max = numbers.reduce((most, no) => Math.max(most, no), 0);
  const { code_key } = await ensureMinted(linksTable, link.link_no, max, keyring.minting(now()).id);
  return mintCodes(link.link_no, numbers, keyOf(code_key, keyring));
}

/** Promo codes of subscribers in the campaign of a link; null where it has none. What a campaign needs is read once. */
function promoMinter(keyring: Keyring, services: ApiServices) {
  const reading = new Map<string | null, Promise<Campaign | null>>();
  return async (link: Link, numbers: readonly number[]): Promise<readonly string[] | null> => {
    const read = reading.get(link.campaign_id) ?? campaignOf(link, services);
    reading.set(link.campaign_id, read);
    const campaign = await read;
    if (!campaign?.promo) return null;
    const offered = keyring.minting(services.now()).id;
    const { no, key } = await ensurePromo(services.linksTable, campaign.id, offered);
    return promoCodes(no, numbers, keyOf(key, keyring), campaign.promo.prefix);
  };
}

/** @throws Problem 503 where the key is not among those we read, as for some minutes after it was added */
function keyOf(id: number, keyring: Keyring): EdgeKey {
  const key = keyring.byId.get(id);
  if (key) return key;
  throw new Problem(
    503,
    'key_missing',
    `codes are minted with key ${id}, which we do not have: try again in some minutes`,
  );
}

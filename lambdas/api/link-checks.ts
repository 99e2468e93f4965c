import { EntityStore } from '../adapters/entity-store.ts';
import { linksKey } from '../contract/keys.ts';
import { type Fault, fault, invalid } from '../core/api/problem.ts';
import type { Domain } from '../core/entities/domain.ts';
import type { Link, LinkInput } from '../core/entities/link.ts';
import { circularFaults } from './circular-faults.ts';
import { domainKeyOf } from './link-view.ts';
import { missingOffers } from './offer-checks.ts';
import type { ApiServices } from './services.ts';

/** @throws Problem 422 with every reference that leads nowhere */
export async function checkReferences(link: LinkInput, services: ApiServices): Promise<void> {
  const offers = missingOffers(offerReferences(link), services);
  const faults = [...(await offers), ...(await domainFaults(link, services)), ...ownHostFaults(link, services)];
  if (faults.length > 0) throw invalid(faults);
}

/**
 * The same for a change: what the link referred to before may have gone since, and must not keep it from being paused.
 * @throws Problem 422
 */
export async function checkNewReferences(link: LinkInput, previous: Link, services: ApiServices): Promise<void> {
  const known = new Set(offerReferences(previous).map(([, id]) => id));
  const added = offerReferences(link).filter(([, id]) => !known.has(id));
  const faults = [...(await missingOffers(added, services)), ...ownHostFaults(link, services)];
  if (faults.length > 0) throw invalid(faults);
}

/** Faults of destinations on the account's own short domains: each tap would go round in circles. */
function ownHostFaults(link: LinkInput, { deployment }: ApiServices): Fault[] {
  const urls = [
    ['destination', link.destination] as const,
    ['fallback_url', link.fallback_url] as const,
    ...link.rules.map((rule, at) => [`rules.${at}.destination`, rule.destination] as const),
    ...link.split.map((arm, at) => [`split.${at}.destination`, arm.destination] as const),
  ];
  return urls.flatMap(([path, url]) => circularFaults(path, url, deployment));
}

function offerReferences(link: LinkInput): (readonly [string, string])[] {
  const named = [
    ['offer_id', link.offer_id] as const,
    ...link.rules.map((rule, at) => [`rules.${at}.offer_id`, rule.offer_id] as const),
    ...link.split.map((arm, at) => [`split.${at}.offer_id`, arm.offer_id] as const),
  ];
  return named.flatMap(([path, id]) => (id ? [[path, id] as const] : []));
}

async function domainFaults({ domain }: LinkInput, services: ApiServices): Promise<Fault[]> {
  const { deployment, linksTable, now } = services;
  if (domain === null || domainKeyOf(domain, deployment) === 'default' || deployment.shortDomains.includes(domain))
    return [];
  const known = await new EntityStore(linksTable, now).get<Domain>(linksKey.domain(domain));
  if (known?.document.status === 'active') return [];
  return [
    fault(
      'domain',
      'no_such_domain',
      `${domain} is not a short domain of this account: add it to onehop.config.ts and deploy, or PUT /v1/domains/${domain}`,
    ),
  ];
}

const FIXED = ['personal', 'domain', 'slug'] as const;

/** @throws Problem 422 where a change would break links that are already in people's messages */
export function checkFixed(next: LinkInput, previous: Link): void {
  const faults = FIXED.filter((name) => next[name] !== previous[name]).map((name) =>
    fault(
      name,
      'fixed',
      `stays ${JSON.stringify(previous[name])}: messages already carry the short URL. Make another link instead`,
    ),
  );
  if (faults.length > 0) throw invalid(faults);
}

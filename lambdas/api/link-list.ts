import { LinkStore } from '../adapters/link-store.ts';
import { linksKey } from '../contract/keys.ts';
import { decodeCursor, encodeCursor, type ListKey, parseLimit } from '../core/api/cursor.ts';
import { fault, invalid } from '../core/api/problem.ts';
import type { Link } from '../core/entities/link.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import { domainKeyOf, linkBody } from './link-view.ts';
import type { ApiServices, Deployment } from './services.ts';

/** Query parameters of the list and what they mean. */
export const LIST_QUERY = {
  campaign_id: 'only links of this campaign',
  status: 'active, paused or archived',
  tag: 'only links with this tag',
  personal: 'true or false: only links that mint, or only slug links',
  domain: 'only links of this short domain; links without one belong to the default domain',
  message_id: 'only links of this message',
  external_id: 'only the link with this external id',
  q: 'text in name, external id, slug or destination, any case',
  limit: '1 to 500, 50 if not given',
  cursor: 'next_cursor of the page before',
} as const;

/** Links read at a time while a filter looks for its next match. */
const READ_AHEAD = 200;
/** Links looked at for one answer at most; a page may come back short, with a cursor to go on. */
const MAX_LOOKED_AT = 5_000;

/** Lists links in the order of their numbers. */
export async function listLinks({ query }: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  checkFilters(query);
  const limit = parseLimit(query.limit);
  if (query.external_id) return answer(await ofExternalId(query, services), null);
  const list = `links/${query.campaign_id ?? ''}`;
  const store = new LinkStore(services.linksTable, services.now);
  const bodies: unknown[] = [];
  let from: ListKey | undefined = decodeCursor(list, query.cursor, [
    'pk',
    'sort',
    query.campaign_id === undefined ? 'kind' : 'campaign_id',
  ]);
  for (let looked = 0; bodies.length < limit && looked < MAX_LOOKED_AT; ) {
    const page = await store.page(query.campaign_id, Math.max(READ_AHEAD, limit), from);
    for (const { stored, key } of page.links) {
      if (bodies.length === limit) return answer(bodies, encodeCursor(list, from ?? key));
      looked += 1;
      from = key;
      if (matches(stored.document, query, services.deployment)) bodies.push(linkBody(stored, services.deployment));
    }
    if (page.isLast) return answer(bodies, null);
  }
  return answer(bodies, from ? encodeCursor(list, from) : null);
}

/** An external id is looked up: there is one link of it at most. */
async function ofExternalId(query: ApiRequest['query'], services: ApiServices): Promise<unknown[]> {
  const item = await services.linksTable.get(linksKey.externalId(query.external_id ?? ''));
  const stored = item && (await new LinkStore(services.linksTable, services.now).get(Number(item.link_no)));
  const isMeant = stored && matches(stored.document, query, services.deployment);
  return isMeant ? [linkBody(stored, services.deployment)] : [];
}

const answer = (links: readonly unknown[], next_cursor: string | null): ApiResponse => ({
  status: 200,
  body: { links, next_cursor },
});

function checkFilters(query: ApiRequest['query']): void {
  const unknown = Object.keys(query).filter((name) => !Object.hasOwn(LIST_QUERY, name));
  const faults = unknown.map((name) =>
    fault(name, 'unknown_parameter', `is not a filter; known are ${Object.keys(LIST_QUERY).join(', ')}`),
  );
  if (query.status && !['active', 'paused', 'archived'].includes(query.status))
    faults.push(fault('status', 'invalid', 'must be active, paused or archived'));
  if (query.personal && !['true', 'false'].includes(query.personal))
    faults.push(fault('personal', 'invalid', 'must be true or false'));
  if (faults.length > 0) throw invalid(faults);
}

function matches(link: Link, query: ApiRequest['query'], deployment: Deployment): boolean {
  const { status, tag, personal, domain, campaign_id, message_id, external_id, q } = query;
  if (status && link.status !== status) return false;
  if (tag && !link.tags.includes(tag)) return false;
  if (personal && String(link.personal) !== personal) return false;
  if (campaign_id && link.campaign_id !== campaign_id) return false;
  if (message_id && link.message_id !== message_id) return false;
  if (external_id && link.external_id !== external_id) return false;
  if (domain && domainKeyOf(link.domain, deployment) !== domainKeyOf(domain.toLowerCase(), deployment)) return false;
  const texts = [link.name, link.external_id, link.slug, link.destination];
  return !q || texts.some((text) => text?.toLowerCase().includes(q.toLowerCase()));
}

import type { Stored } from '../adapters/entity-store.ts';
import type { LinkPlace } from '../adapters/link-store.ts';
import type { Link, LinkInput } from '../core/entities/link.ts';
import { CODE_LAYOUTS } from '../core/personal-code.ts';
import type { ApiResponse } from './http.ts';
import { etagOf } from './revision.ts';
import type { Deployment } from './services.ts';

/** Domain part of a link's key: `default` for the account's default domain and for links that name none. */
export function domainKeyOf(domain: string | null, { shortDomains, shortOrigin }: Deployment): string {
  const isDefault = domain === null || domain === shortDomains[0] || domain === new URL(shortOrigin).hostname;
  return isDefault ? 'default' : domain;
}

export function placeOf(linkNo: number, link: Pick<LinkInput, 'domain' | 'slug'>, deployment: Deployment): LinkPlace {
  return { linkNo, domainKey: domainKeyOf(link.domain, deployment), slug: link.slug };
}

/** The short URL of a slug link; null for personal links, whose codes differ from person to person. */
export function urlOf({ domain, slug }: Pick<LinkInput, 'domain' | 'slug'>, deployment: Deployment): string | null {
  return slug === null ? null : `${linkOrigin(domain, deployment)}/${slug}`;
}

/** Origin of the short URLs of a domain; null: the default one. */
export function linkOrigin(domain: string | null, deployment: Deployment): string {
  return domainKeyOf(domain, deployment) === 'default' ? deployment.shortOrigin : originOf(domain ?? '', deployment);
}

/** Other domains are reached like the default one: same scheme and port. */
export function originOf(domain: string, { shortOrigin }: Deployment): string {
  const url = new URL(shortOrigin);
  return `${url.protocol}//${domain}${url.port ? `:${url.port}` : ''}`;
}

/** A link as the API shows it. */
export function linkBody(stored: Stored<Link>, deployment: Deployment): Record<string, unknown> {
  const { link_no, ...rest } = stored.document;
  const { createdAt: created_at, updatedAt: updated_at, codeKey } = stored;
  const codes = codeKey === undefined ? {} : { code_key: codeKey };
  const example = rest.personal && { url_example: `${linkOrigin(rest.domain, deployment)}/${exampleCode(link_no)}` };
  return { link_no, url: urlOf(rest, deployment), ...example, ...rest, ...codes, created_at, updated_at };
}

/** A code as long as this link's, to count characters with; it is nobody's. */
function exampleCode(linkNo: number): string {
  const layout = CODE_LAYOUTS.find(({ linkBits }) => linkNo < 2 ** linkBits);
  return 'AbC123dEf45'.slice(0, layout?.length);
}

export function linkResponse(stored: Stored<Link>, deployment: Deployment, status: number): ApiResponse {
  const body = linkBody(stored, deployment);
  return {
    status,
    body,
    headers: { etag: etagOf(stored), ...(status === 201 && { location: `/v1/links/${body.link_no}` }) },
  };
}

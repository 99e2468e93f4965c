import { z } from 'zod';
import type { Stored } from '../adapters/entity-store.ts';
import { retryOnConflict } from '../adapters/retry-on-conflict.ts';
import { linksKey } from '../contract/keys.ts';
import { mergePatch } from '../core/api/merge-patch.ts';
import { parseInput } from '../core/api/problem.ts';
import { type Link, type LinkInput, linkInput } from '../core/entities/link.ts';
import { randomSlug } from '../core/random-slug.ts';
import { CHECK_QUERY, startGlance, urlsOfLink, withWarnings } from './destination-warnings.ts';
import { HISTORY_QUERY, historyPage } from './history.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import { linkCheckRoute } from './link-check.ts';
import { checkFixed, checkNewReferences, checkReferences } from './link-checks.ts';
import { bindExternalId, clone, create, createAs } from './link-create.ts';
import { LIST_QUERY, listLinks } from './link-list.ts';
import { qrRoutes } from './link-qr.ts';
import { findLink, linkNoOf, notFound, recordingStore, storeOf, withoutShown } from './link-request.ts';
import { linkResponse } from './link-view.ts';
import { checkPreconditions } from './revision.ts';
import type { ApiServices } from './services.ts';

const tag = 'links';
const one = '/v1/links/{link_no}';
const reading = ['read', 'manage'] as const;
const writing = ['manage'] as const;
const anyObject = z.looseObject({});

export const linkRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/links', scopes: reading, summary: 'List links', tag, query: LIST_QUERY, run: listLinks },
  linkCheckRoute,
  {
    method: 'POST',
    path: '/v1/links',
    scopes: writing,
    summary: 'Create a link',
    tag,
    query: CHECK_QUERY,
    input: linkInput,
    run: create,
  },
  {
    method: 'PUT',
    path: '/v1/links/by-external-id/{id}',
    scopes: writing,
    summary: 'Create or replace the link with this external id',
    tag,
    query: CHECK_QUERY,
    input: linkInput,
    run: putByExternalId,
  },
  { method: 'GET', path: one, scopes: reading, summary: 'Show a link', tag, run: show },
  {
    method: 'PUT',
    path: one,
    scopes: writing,
    summary: 'Replace a link',
    tag,
    query: CHECK_QUERY,
    input: linkInput,
    run: replace,
  },
  {
    method: 'PATCH',
    path: one,
    scopes: writing,
    summary: 'Change a link (RFC 7396)',
    tag,
    query: CHECK_QUERY,
    input: anyObject,
    describedInput: linkInput,
    run: patch,
  },
  { method: 'DELETE', path: one, scopes: writing, summary: 'Archive a link', tag, run: archive },
  {
    method: 'GET',
    path: `${one}/history`,
    scopes: reading,
    summary: 'Changes of a link, the newest first',
    tag,
    query: HISTORY_QUERY,
    run: async (r, s) => {
      const stored = await findLink(r, s);
      return historyPage(linksKey.link(stored.document.link_no), stored, r, s);
    },
  },
  {
    method: 'POST',
    path: `${one}/clone`,
    scopes: writing,
    summary: 'Make another link like this one; the body is a merge patch of what differs',
    tag,
    query: CHECK_QUERY,
    input: anyObject,
    describedInput: linkInput,
    run: clone,
  },
  ...qrRoutes,
];

async function putByExternalId(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const externalId = request.params.id ?? '';
  const shownNo = (request.body as { link_no?: number } | null)?.link_no;
  const input = parseInput(linkInput, { ...(withoutShown(request.body, shownNo) as object), external_id: externalId });
  await checkReferences(input, services);
  return retryOnConflict(async () => {
    const offered = randomSlug(services.randomBytes);
    const { linkNo, slug } = await storeOf(services).claimExternalId(externalId, input.personal, offered);
    const existing = await storeOf(services).get(linkNo);
    if (existing) return change(linkNo, request, services, (previous) => keepSlug(input, previous), 'replaced');
    checkPreconditions(request, null);
    const glance = startGlance(urlsOfLink(input), [], request, services);
    const full = { ...input, slug: input.slug ?? (input.personal ? null : slug) };
    return withWarnings(await createAs(linkNo, full, request, services), glance);
  });
}

/** A slug that was left out stays as it was given. */
const keepSlug = (input: LinkInput, { document }: Stored<Link>): LinkInput => ({
  ...input,
  slug: input.slug ?? document.slug,
});

async function show(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  return linkResponse(await findLink(request, services), services.deployment, 200);
}

async function replace(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const linkNo = linkNoOf(request);
  const input = parseInput(linkInput, withoutShown(request.body, linkNo));
  return change(linkNo, request, services, (previous) => keepSlug(input, previous), 'replaced');
}

async function patch(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const linkNo = linkNoOf(request);
  return change(linkNo, request, services, ({ document }) => {
    const merged = mergePatch(withoutShown(document, linkNo), withoutShown(request.body, linkNo));
    return parseInput(linkInput, merged);
  });
}

async function archive(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  return change(linkNoOf(request), request, services, ({ document }) => ({ ...document, status: 'archived' }));
}

/** Reads, changes and writes, again where someone else wrote in between, unless the client named the version it saw. */
async function change(
  linkNo: number,
  request: ApiRequest,
  services: ApiServices,
  next: (previous: Stored<Link>) => LinkInput,
  verb: 'replaced' | 'changed' = 'changed',
): Promise<ApiResponse> {
  const store = recordingStore(request, verb, services);
  return retryOnConflict(async () => {
    const previous = await store.get(linkNo);
    if (!previous) throw notFound(linkNo);
    checkPreconditions(request, previous);
    const input = next(previous);
    checkFixed(input, previous.document);
    await checkNewReferences(input, previous.document, services);
    const glance = startGlance(urlsOfLink(input), urlsOfLink(previous.document), request, services);
    const { external_id: before } = previous.document;
    if (input.external_id !== before) await bindExternalId(input.external_id, linkNo, store);
    const stored = await store.replace({ ...input, link_no: linkNo }, previous);
    if (before && input.external_id !== before) await store.releaseExternalId(before, linkNo);
    return withWarnings(linkResponse(stored, services.deployment, 200), glance);
  });
}

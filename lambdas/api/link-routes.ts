import { z } from 'zod';
import { retryOnConflict, type Stored } from '../adapters/entity-store.ts';
import { LinkStore, SlugTakenError } from '../adapters/link-store.ts';
import { mergePatch } from '../core/api/merge-patch.ts';
import { fault, invalid, Problem, parseInput } from '../core/api/problem.ts';
import { type Link, type LinkInput, linkInput } from '../core/entities/link.ts';
import { randomSlug } from '../core/random-slug.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import { idempotent } from './idempotency.ts';
import { checkFixed, checkNewReferences, checkReferences } from './link-checks.ts';
import { LIST_QUERY, listLinks } from './link-list.ts';
import { linkResponse, placeOf } from './link-view.ts';
import { checkPreconditions } from './revision.ts';
import type { ApiServices } from './services.ts';

const tag = 'links';
const one = '/v1/links/{link_no}';
const reading = ['read', 'manage'] as const;
const writing = ['manage'] as const;
const anyObject = z.looseObject({});

export const linkRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/links', scopes: reading, summary: 'List links', tag, query: LIST_QUERY, run: listLinks },
  { method: 'POST', path: '/v1/links', scopes: writing, summary: 'Create a link', tag, input: linkInput, run: create },
  {
    method: 'PUT',
    path: '/v1/links/by-external-id/{id}',
    scopes: writing,
    summary: 'Create or replace the link with this external id',
    tag,
    input: linkInput,
    run: putByExternalId,
  },
  { method: 'GET', path: one, scopes: reading, summary: 'Show a link', tag, run: show },
  { method: 'PUT', path: one, scopes: writing, summary: 'Replace a link', tag, input: linkInput, run: replace },
  {
    method: 'PATCH',
    path: one,
    scopes: writing,
    summary: 'Change a link (RFC 7396)',
    tag,
    input: anyObject,
    describedInput: linkInput,
    run: patch,
  },
  { method: 'DELETE', path: one, scopes: writing, summary: 'Archive a link', tag, run: archive },
];

const storeOf = ({ linksTable, now }: ApiServices) => new LinkStore(linksTable, now);

async function create(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const input = parseInput(linkInput, withoutShown(request.body));
  await checkReferences(input, services);
  const reserve = async () => ({
    linkNo: await storeOf(services).nextLinkNo(input.personal),
    slug: input.slug ?? (input.personal ? null : randomSlug(services.randomBytes)),
  });
  return idempotent(request, services, reserve, ({ linkNo, slug }) => createAs(linkNo, { ...input, slug }, services));
}

async function createAs(linkNo: number, input: LinkInput, services: ApiServices): Promise<ApiResponse> {
  const store = storeOf(services);
  await bindExternalId(input.external_id, linkNo, store);
  const link: Link = { ...input, link_no: linkNo };
  try {
    const stored = await store.create(link, placeOf(linkNo, link, services.deployment));
    return linkResponse(stored, services.deployment, 201);
  } catch (error) {
    if (error instanceof SlugTakenError && input.external_id) await store.releaseExternalId(input.external_id, linkNo);
    return asSlugTaken(error);
  }
}

/** @throws Problem 409 where the external id belongs to another link */
async function bindExternalId(externalId: string | null, linkNo: number, store: LinkStore): Promise<void> {
  if (externalId && !(await store.bindExternalId(externalId, linkNo)))
    throw new Problem(409, 'external_id_taken', `external_id ${externalId} belongs to another link`);
}

function asSlugTaken(error: unknown): never {
  if (!(error instanceof SlugTakenError)) throw error;
  throw new Problem(409, 'slug_taken', error.message, [
    fault('slug', 'slug_taken', 'is taken on this domain: choose another'),
  ]);
}

async function putByExternalId(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const externalId = request.params.id ?? '';
  const shownNo = (request.body as { link_no?: number } | null)?.link_no;
  const input = parseInput(linkInput, { ...(withoutShown(request.body, shownNo) as object), external_id: externalId });
  await checkReferences(input, services);
  return retryOnConflict(async () => {
    const offered = randomSlug(services.randomBytes);
    const { linkNo, slug } = await storeOf(services).claimExternalId(externalId, input.personal, offered);
    const existing = await storeOf(services).get(linkNo);
    if (existing) return change(linkNo, request, services, (previous) => keepSlug(input, previous));
    checkPreconditions(request, null);
    return createAs(linkNo, { ...input, slug: input.slug ?? (input.personal ? null : slug) }, services);
  });
}

/** A slug that was left out stays as it was given. */
const keepSlug = (input: LinkInput, { document }: Stored<Link>): LinkInput => ({
  ...input,
  slug: input.slug ?? document.slug,
});

async function show(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const linkNo = linkNoOf(request);
  const stored = await storeOf(services).get(linkNo);
  if (!stored) throw notFound(linkNo);
  return linkResponse(stored, services.deployment, 200);
}

async function replace(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const linkNo = linkNoOf(request);
  const input = parseInput(linkInput, withoutShown(request.body, linkNo));
  return change(linkNo, request, services, (previous) => keepSlug(input, previous));
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
): Promise<ApiResponse> {
  const store = storeOf(services);
  return retryOnConflict(async () => {
    const previous = await store.get(linkNo);
    if (!previous) throw notFound(linkNo);
    checkPreconditions(request, previous);
    const input = next(previous);
    checkFixed(input, previous.document);
    await checkNewReferences(input, previous.document, services);
    const { external_id: before } = previous.document;
    if (input.external_id !== before) await bindExternalId(input.external_id, linkNo, store);
    const stored = await store.replace({ ...input, link_no: linkNo }, previous);
    if (before && input.external_id !== before) await store.releaseExternalId(before, linkNo);
    return linkResponse(stored, services.deployment, 200);
  });
}

const notFound = (linkNo: number) => new Problem(404, 'not_found', `there is no link ${linkNo}`);

function linkNoOf(request: ApiRequest): number {
  const text = request.params.link_no ?? '';
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalid([fault('link_no', 'invalid', 'must be a number')]);
  return Number(text);
}

/** A client may send back what it was shown: its own number, URL and times are not input. */
function withoutShown(body: unknown, linkNo?: number): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const { url: _url, created_at: _created, updated_at: _updated, ...rest } = body as Record<string, unknown>;
  if (rest.link_no === linkNo) delete rest.link_no;
  return rest;
}

import { type LinkStore, SlugTakenError } from '../adapters/link-store.ts';
import { mergePatch } from '../core/api/merge-patch.ts';
import { fault, Problem, parseInput } from '../core/api/problem.ts';
import { type Link, type LinkInput, linkInput } from '../core/entities/link.ts';
import { randomSlug } from '../core/random-slug.ts';
import { startGlance, urlsOfLink, withWarnings } from './destination-warnings.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import { idempotent } from './idempotency.ts';
import { checkReferences } from './link-checks.ts';
import { findLink, recordingStore, storeOf, withoutShown } from './link-request.ts';
import { linkResponse, placeOf } from './link-view.ts';
import type { ApiServices } from './services.ts';

/** Makes a link of what a client sends. */
export async function create(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const input = parseInput(linkInput, withoutShown(request.body));
  return createOnce(input, request, services);
}

/** What is not the same in a clone: who it is, and what happened to the one it was made of. */
const NOT_CLONED = { external_id: null, slug: null, status: 'active', sent_at: null };

/** Makes a link like another one, under a number and slug of its own. */
export async function clone(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const { document } = await findLink(request, services);
  const template = { ...(withoutShown(document, document.link_no) as object), ...NOT_CLONED };
  const input = parseInput(linkInput, mergePatch(template, withoutShown(request.body)));
  // The same key and patch on another link is another call.
  const body = { clone_of: document.link_no, patch: request.body };
  return createOnce(input, { ...request, body }, services);
}

async function createOnce(input: LinkInput, request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  await checkReferences(input, services);
  const glance = startGlance(urlsOfLink(input), [], request, services);
  const reserve = async () => ({
    linkNo: await storeOf(services).nextLinkNo(input.personal),
    slug: input.slug ?? (input.personal ? null : randomSlug(services.randomBytes)),
  });
  const answer = await idempotent(request, services, reserve, ({ linkNo, slug }) =>
    createAs(linkNo, { ...input, slug }, request, services),
  );
  return withWarnings(answer, glance);
}

/** Makes a link under this number, or finds what was made under it. @throws Problem 409 */
export async function createAs(
  linkNo: number,
  input: LinkInput,
  request: ApiRequest,
  services: ApiServices,
): Promise<ApiResponse> {
  const store = recordingStore(request, 'changed', services);
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
export async function bindExternalId(externalId: string | null, linkNo: number, store: LinkStore): Promise<void> {
  if (externalId && !(await store.bindExternalId(externalId, linkNo)))
    throw new Problem(409, 'external_id_taken', `external_id ${externalId} belongs to another link`);
}

function asSlugTaken(error: unknown): never {
  if (!(error instanceof SlugTakenError)) throw error;
  throw new Problem(409, 'slug_taken', error.message, [
    fault('slug', 'slug_taken', 'is taken on this domain: choose another'),
  ]);
}

import { z } from 'zod';
import type { Stored } from '../adapters/entity-store.ts';
import { retryOnConflict } from '../adapters/retry-on-conflict.ts';
import { type NewSecret, type SourceDocument, SourceStore } from '../adapters/source-store.ts';
import { ledgerKey } from '../contract/keys.ts';
import { decodeCursor, encodeCursor, type ListKey, parseLimit } from '../core/api/cursor.ts';
import { mergePatch } from '../core/api/merge-patch.ts';
import { fault, invalid, Problem, parseInput } from '../core/api/problem.ts';
import { ID_PATTERN } from '../core/entities/fields.ts';
import { type SourceInput, sourceInput } from '../core/entities/source.ts';
import { setupOf } from '../core/postback/setup.ts';
import { profiles } from '../core/profiles/index.ts';
import { HISTORY_QUERY, historyPage } from './history.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import { journalOf } from './journal.ts';
import { spreadSubid } from './offer-subid.ts';
import { checkPreconditions, etagOf } from './revision.ts';
import type { ApiServices } from './services.ts';
import { newSourceToken } from './source-token.ts';

const tag = 'sources';
const one = '/v1/sources/{id}';
const scopes = ['admin'] as const;
const paging = { limit: '1 to 500, 50 if not given', cursor: 'next_cursor of the page before' };
const anyObject = z.looseObject({});

export const sourceRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/sources', scopes, summary: 'List sources', tag, query: paging, run: list },
  { method: 'GET', path: one, scopes, summary: 'Show a source', tag, run: show },
  { method: 'PUT', path: one, scopes, summary: 'Create or replace a source', tag, input: sourceInput, run: replace },
  {
    method: 'PATCH',
    path: one,
    scopes,
    summary: 'Change a source (RFC 7396)',
    tag,
    input: anyObject,
    describedInput: sourceInput,
    run: patch,
  },
  { method: 'DELETE', path: one, scopes, summary: 'Archive a source', tag, run: archive },
  {
    method: 'GET',
    path: `${one}/history`,
    scopes,
    summary: 'Changes of a source, the newest first',
    tag,
    query: HISTORY_QUERY,
    run: async (request, services) => {
      const id = idOf(request);
      return historyPage(ledgerKey.source(id), await found(id, services), request, services);
    },
  },
];

/** The sources of the account, as everything of the API reads and writes them. */
export function sourceStore({ ledgerTable, keys, now, randomBytes }: ApiServices): SourceStore {
  return new SourceStore({ ledgerTable, homeKeys: keys.home, now, randomBytes });
}

function idOf({ params }: ApiRequest): string {
  const id = params.id ?? '';
  if (!ID_PATTERN.test(id)) throw invalid([fault('id', 'invalid', 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -')]);
  return id;
}

/** @throws Problem 404 */
async function found(id: string, services: ApiServices): Promise<Stored<SourceDocument>> {
  const stored = await sourceStore(services).get(id);
  if (!stored) throw notFound(id);
  return stored;
}

const notFound = (id: string) => new Problem(404, 'not_found', `there is no source ${id}`);

/** What is shown of a source: the document, the URL its sender calls, and what a person does in the sender's screens. */
function bodyOf({ document, createdAt, updatedAt }: Stored<SourceDocument>, request: ApiRequest, token = '{token}') {
  return { ...document, ...setupWith(document, request, token), created_at: createdAt, updated_at: updatedAt };
}

/** URL and steps of a source, with a token in clear where it is known just now. */
export function setupWith(document: SourceDocument, { url }: ApiRequest, token: string) {
  const profile = profiles[document.profile];
  return profile ? setupOf(document, profile, url.origin, token) : {};
}

function shown(stored: Stored<SourceDocument>, request: ApiRequest, status = 200, token?: string): ApiResponse {
  return { status, body: bodyOf(stored, request, token), headers: { etag: etagOf(stored) } };
}

async function show(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  return shown(await found(idOf(request), services), request);
}

async function list(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const from = decodeCursor('sources', request.query.cursor, ['pk', 'kind', 'sort']);
  const { entities, next } = await sourceStore(services).page(parseLimit(request.query.limit), from);
  const next_cursor = next ? encodeCursor('sources', next as ListKey) : null;
  return { status: 200, body: { sources: entities.map((stored) => bodyOf(stored, request)), next_cursor } };
}

async function replace(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const input = parseInput(sourceInput, withoutShown(request.body, idOf(request)));
  return change(request, services, () => input, 201);
}

async function patch(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const id = idOf(request);
  const changes = withoutShown(request.body, id);
  return change(request, services, (previous) => {
    if (!previous) throw notFound(id);
    return parseInput(sourceInput, mergePatch(withoutShown(previous.document, id), changes));
  });
}

async function archive(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  return change(request, services, (previous) => {
    if (!previous) throw notFound(idOf(request));
    // not parsed: what was stored under older rules can always be put away
    return { ...previous.document, secret: null, status: 'archived' as const };
  });
}

/** Reads, changes and writes, again where someone else wrote in between, unless the client named the version it saw. */
async function change(
  request: ApiRequest,
  services: ApiServices,
  next: (previous: Stored<SourceDocument> | null) => SourceInput,
  statusIfNew: 200 | 201 = 200,
): Promise<ApiResponse> {
  const id = idOf(request);
  const { ledgerTable, keys, now, randomBytes } = services;
  const journal = journalOf(request, statusIfNew === 201 ? 'replaced' : 'changed', services);
  const store = new SourceStore({ ledgerTable, homeKeys: keys.home, now, randomBytes, journal });
  return retryOnConflict(async () => {
    const previous = await store.get(id);
    checkPreconditions(request, previous);
    const { secret: _, ...fields } = next(previous);
    const secret = secretIn(request.body);
    const document = { ...fields, id, secret_set_at: setAt(secret, previous, now()) };
    const stored = await store.save(document, secret, previous);
    await spreadSubid(document, services);
    return shown(stored, request, previous ? 200 : statusIfNew, await firstToken(document, store, services));
  });
}

/** A source whose URL carries a token gets its first one when it is made; it is told this once. */
async function firstToken(
  { id, profile }: SourceDocument,
  store: SourceStore,
  { randomBytes }: ApiServices,
): Promise<string | undefined> {
  if (profiles[profile]?.authentication.scheme !== 'token' || (await store.tokens(id)).length > 0) return undefined;
  const { id: tokenId, text } = newSourceToken(randomBytes);
  await store.addToken(id, tokenId, text);
  return text;
}

/** A secret is never shown, so whoever sends back what they saw leaves it out: then it stays. Null takes it away. */
function secretIn(body: unknown): NewSecret {
  return (body as { secret?: NewSecret } | undefined)?.secret;
}

function setAt(secret: NewSecret, previous: Stored<SourceDocument> | null, now: number): string | null {
  if (secret === undefined) return previous?.document.secret_set_at ?? null;
  return secret === null ? null : new Date(now).toISOString();
}

/** What is shown and is no input. */
const SHOWN = ['secret_set_at', 'postback_url', 'subid_param', 'setup', 'created_at', 'updated_at'];

function withoutShown(body: unknown, id: string): unknown {
  const fields = Object.entries(body as Record<string, unknown>);
  return Object.fromEntries(
    fields.filter(([name, value]) => !SHOWN.includes(name) && !(name === 'id' && value === id)),
  );
}

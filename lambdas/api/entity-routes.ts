import { z } from 'zod';
import { ConditionFailedError } from '../adapters/dynamo-table.ts';
import { EntityStore, type Stored } from '../adapters/entity-store.ts';
import { retryOnConflict } from '../adapters/retry-on-conflict.ts';
import { linksIndex } from '../contract/keys.ts';
import { decodeCursor, encodeCursor, type ListKey, parseLimit } from '../core/api/cursor.ts';
import { mergePatch } from '../core/api/merge-patch.ts';
import { fault, invalid, Problem, parseInput } from '../core/api/problem.ts';
import { CHECK_QUERY, startGlance, withWarnings } from './destination-warnings.ts';
import { campaignType, type Document, domainType, type EntityType, experimentType, offerType } from './entity-types.ts';
import { HISTORY_QUERY, historyPage } from './history.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import { journalOf } from './journal.ts';
import { checkPreconditions, etagOf } from './revision.ts';
import type { ApiServices } from './services.ts';

export const campaignRoutes = routesOf(campaignType);
export const offerRoutes = routesOf(offerType);
export const domainRoutes = routesOf(domainType);
export const experimentRoutes = routesOf(experimentType);

function routesOf(type: EntityType): readonly Route[] {
  const one = `/v1/${type.plural}/{id}`;
  const tag = type.plural;
  const paging = { limit: '1 to 500, 50 if not given', cursor: 'next_cursor of the page before' };
  return [
    {
      method: 'GET',
      path: `/v1/${type.plural}`,
      scopes: ['read', 'manage'],
      summary: `List ${type.plural}`,
      tag,
      query: paging,
      run: (r, s) => list(type, r, s),
    },
    {
      method: 'GET',
      path: one,
      scopes: ['read', 'manage'],
      summary: `Show a ${type.kind}`,
      tag,
      run: (r, s) => show(type, r, s),
    },
    {
      method: 'PUT',
      path: one,
      scopes: ['manage'],
      summary: `Create or replace a ${type.kind}`,
      tag,
      ...(type.destinations && { query: CHECK_QUERY }),
      input: type.input,
      run: (r, s) => replace(type, r, s),
    },
    {
      method: 'PATCH',
      path: one,
      scopes: ['manage'],
      summary: `Change a ${type.kind} (RFC 7396)`,
      tag,
      ...(type.destinations && { query: CHECK_QUERY }),
      input: z.looseObject({}),
      describedInput: type.input,
      run: (r, s) => patch(type, r, s),
    },
    {
      method: 'DELETE',
      path: one,
      scopes: ['manage'],
      summary: `Archive a ${type.kind}`,
      tag,
      run: (r, s) => archive(type, r, s),
    },
    {
      method: 'GET',
      path: `${one}/history`,
      scopes: ['read', 'manage'],
      summary: `Changes of a ${type.kind}, the newest first`,
      tag,
      query: HISTORY_QUERY,
      run: (r, s) => history(type, r, s),
    },
  ];
}

const storeOf = ({ linksTable, now }: ApiServices) => new EntityStore(linksTable, now);

function idOf(type: EntityType, request: ApiRequest): string {
  const id = request.params.id ?? '';
  const normal = type.kind === 'domain' ? id.toLowerCase() : id;
  if (!type.isId(normal)) throw invalid([fault('id', 'invalid', type.idRule)]);
  return normal;
}

/** The stored entity, or an implied one at revision 0, or null. */
async function find(type: EntityType, id: string, services: ApiServices): Promise<Stored<Document> | null> {
  const pk = type.keyOf(id);
  const stored = await storeOf(services).get<Document>(pk);
  if (stored || !type.implied?.(services).includes(id)) return stored;
  return { pk, document: { ...type.input.parse({}), id }, revision: 0, createdAt: '', updatedAt: '' };
}

function shown(stored: Stored<Document>, status = 200): ApiResponse {
  const { createdAt, updatedAt, codeKey } = stored;
  const codes = codeKey === undefined ? {} : { code_key: codeKey };
  const body = { ...stored.document, ...codes, created_at: createdAt || null, updated_at: updatedAt || null };
  return { status, body, headers: { etag: etagOf(stored) } };
}

async function show(type: EntityType, request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const id = idOf(type, request);
  const stored = await find(type, id, services);
  if (!stored) throw notFound(type, id);
  return shown(stored);
}

async function history(type: EntityType, request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const id = idOf(type, request);
  const stored = await find(type, id, services);
  if (!stored) throw notFound(type, id);
  return historyPage(type.keyOf(id), stored, request, services);
}

const notFound = (type: EntityType, id: string) => new Problem(404, 'not_found', `there is no ${type.kind} ${id}`);

async function replace(type: EntityType, request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const id = idOf(type, request);
  const document = parseInput(type.input, withoutShown(request.body, id, type));
  return change(type, request, services, id, () => document, 201);
}

async function patch(type: EntityType, request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const id = idOf(type, request);
  return change(type, request, services, id, (previous) => {
    if (!previous) throw notFound(type, id);
    const merged = mergePatch(withoutShown(previous.document, id, type), request.body);
    return parseInput(type.input, withoutShown(merged, id, type));
  });
}

async function archive(type: EntityType, request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const id = idOf(type, request);
  return change(type, request, services, id, (previous) => {
    if (!previous) throw notFound(type, id);
    return { ...previous.document, status: 'archived' };
  });
}

/** Reads, changes and writes, again where someone else wrote in between, unless the client named the version it saw. */
async function change(
  type: EntityType,
  request: ApiRequest,
  services: ApiServices,
  id: string,
  next: (previous: Stored<Document> | null) => Document,
  statusIfNew: 200 | 201 = 200,
): Promise<ApiResponse> {
  const journal = journalOf(request, statusIfNew === 201 ? 'replaced' : 'changed', services);
  const store = new EntityStore(services.linksTable, services.now, journal);
  return retryOnConflict(async () => {
    const previous = await find(type, id, services);
    checkPreconditions(request, previous);
    const wanted = { ...next(previous), id };
    const document = type.keep?.(wanted, previous?.document ?? null) ?? wanted;
    await type.check?.(id, document, services);
    const glance = startGlance(urlsIn(type, document), urlsIn(type, previous?.document ?? {}), request, services);
    const pk = type.keyOf(id);
    const beside = await type.beside?.(document, services);
    const placement = { pk, kind: type.kind, sort: id, subject: pk, ...(beside && { beside }) };
    await type.announce?.(document, previous, services);
    const stored = await store.save(placement, document, previous);
    await type.settle?.(id, document, services);
    return withWarnings(shown(stored, previous?.revision ? 200 : statusIfNew), glance);
  });
}

const urlsIn = ({ destinations = [] }: EntityType, document: Document) =>
  destinations.map((field) => [field, (document[field] ?? null) as string | null] as const);

/** A client may send back what it was shown: the id of the path, the key of its codes, times, warnings and what the type adds are not input. */
function withoutShown(body: unknown, id: string, type: EntityType): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const { code_key: _key, created_at: _created, updated_at: _updated, warnings: _warnings, ...rest } = body as Document;
  if (rest.id === id) delete rest.id;
  for (const name of type.shown ?? []) delete rest[name];
  return rest;
}

async function list(type: EntityType, request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const limit = parseLimit(request.query.limit);
  const from = decodeCursor(type.plural, request.query.cursor, ['pk', 'kind', 'sort']);
  if (!from) await writeImplied(type, services);
  const partition = { name: 'kind', value: type.kind };
  const { entities, next } = await storeOf(services).page<Document>({
    index: linksIndex.byKind,
    partition,
    limit,
    from,
  });
  return {
    status: 200,
    body: {
      [type.plural]: entities.map((stored) => shown(stored).body),
      next_cursor: next ? encodeCursor(type.plural, next as ListKey) : null,
    },
  };
}

/** Writes implied entities that nobody has written yet, so that a list can page through them like any other. */
async function writeImplied(type: EntityType, services: ApiServices): Promise<void> {
  const implied = await Promise.all((type.implied?.(services) ?? []).map((id) => find(type, id, services)));
  const unwritten = implied.filter((stored) => stored?.revision === 0) as Stored<Document>[];
  const write = ({ pk, document }: Stored<Document>) =>
    storeOf(services)
      .save({ pk, kind: type.kind, sort: String(document.id) }, document, null)
      .catch(ignoreWritten);
  await Promise.all(unwritten.map(write));
}

/** Somebody else wrote it at the same moment, which serves as well. */
function ignoreWritten(error: unknown): void {
  if (!(error instanceof ConditionFailedError)) throw error;
}

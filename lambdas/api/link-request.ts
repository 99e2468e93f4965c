import type { Stored } from '../adapters/entity-store.ts';
import { LinkStore } from '../adapters/link-store.ts';
import { fault, invalid, Problem } from '../core/api/problem.ts';
import type { Link } from '../core/entities/link.ts';
import type { ApiRequest } from './http.ts';
import { journalOf } from './journal.ts';
import type { ApiServices } from './services.ts';

/** Reads links, and writes without a record. */
export const storeOf = ({ linksTable, now }: ApiServices) => new LinkStore(linksTable, now);

/** Writes links, and who did it. */
export const recordingStore = (request: ApiRequest, verb: 'replaced' | 'changed', services: ApiServices) =>
  new LinkStore(services.linksTable, services.now, journalOf(request, verb, services));

/** The link that the path names. @throws Problem 404, or 422 where it names none */
export async function findLink(request: ApiRequest, services: ApiServices): Promise<Stored<Link>> {
  const linkNo = linkNoOf(request);
  const stored = await storeOf(services).get(linkNo);
  if (!stored) throw notFound(linkNo);
  return stored;
}

export const notFound = (linkNo: number) => new Problem(404, 'not_found', `there is no link ${linkNo}`);

export function linkNoOf(request: ApiRequest): number {
  const text = request.params.link_no ?? '';
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalid([fault('link_no', 'invalid', 'must be a number')]);
  return Number(text);
}

/** A client may send back what it was shown: its own number, URL, key of its codes, times and warnings are not input. */
export function withoutShown(body: unknown, linkNo?: number): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const {
    url: _url,
    code_key: _codeKey,
    url_example: _example,
    created_at: _created,
    updated_at: _updated,
    warnings: _warnings,
    ...rest
  } = body as Record<string, unknown>;
  if (rest.link_no === linkNo) delete rest.link_no;
  return rest;
}

import { type Fault, fault } from '../core/api/problem.ts';
import { isTrouble } from '../core/destination/report.ts';
import type { LinkInput } from '../core/entities/link.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import type { ApiServices } from './services.ts';

/** A URL of an entity and the path of its field. */
type NamedUrl = readonly [path: string, url: string | null];

/** Query parameter of everything that saves destinations. */
export const CHECK_QUERY = { check: 'false: do not look whether the destinations answer' } as const;

/** Different URLs looked at beside one save at most. */
const MAX_CHECKED = 10;

/** Every place a link itself may lead to. */
export function urlsOfLink(link: LinkInput): NamedUrl[] {
  return [
    ['destination', link.destination],
    ...link.rules.map((rule, at) => [`rules.${at}.destination`, rule.destination] as const),
    ...link.split.map((arm, at) => [`split.${at}.destination`, arm.destination] as const),
    ['fallback_url', link.fallback_url],
  ];
}

/**
 * Looks at the destinations that a save brings, beside the save. Trouble is a warning in the answer: the link is saved
 * all the same, since a page may go up after its link, and a firewall may turn a machine away that lets people in.
 */
export function startGlance(
  named: readonly NamedUrl[],
  known: readonly NamedUrl[],
  { query }: ApiRequest,
  { destinations }: ApiServices,
): Promise<readonly Fault[]> {
  if (query.check === 'false') return Promise.resolve([]);
  const before = new Set(known.map(([, url]) => url));
  const fresh = named.flatMap(([path, url]) => (url && !before.has(url) ? [[path, url] as const] : []));
  const urls = [...new Set(fresh.map(([, url]) => url))].slice(0, MAX_CHECKED);
  const looked = urls.map(async (url) => [url, await destinations.glance(url)] as const);
  return Promise.all(looked).then((found) => {
    const reports = new Map(found);
    return fresh.flatMap(([path, url]) => {
      const report = reports.get(url);
      return report && isTrouble(report) ? [fault(path, report.outcome, report.message)] : [];
    });
  });
}

/** The answer of a save with the warnings, where there are any. They are told and not stored. */
export async function withWarnings(answer: ApiResponse, glance: Promise<readonly Fault[]>): Promise<ApiResponse> {
  const warnings = await glance;
  return warnings.length === 0 ? answer : { ...answer, body: { ...(answer.body as object), warnings } };
}

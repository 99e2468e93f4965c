import { createHash } from 'node:crypto';
import { retryOnConflict } from '../../adapters/retry-on-conflict.ts';
import { fault, invalid, Problem } from '../../core/api/problem.ts';
import type { Experiment } from '../../core/entities/experiment.ts';
import type { Link } from '../../core/entities/link.ts';
import type { ByField } from '../../core/recipients/columns.ts';
import type { ApiRequest } from '../http.ts';
import { recordingStore, storeOf } from '../link-request.ts';
import { placeOf } from '../link-view.ts';
import type { ApiServices } from '../services.ts';

/** Most combinations of `by` values in one request. */
const MAX_COMBINATIONS = 200;

/** @throws Problem 409 or 422 where a link cannot mint */
export function checkMints(link: Link): void {
  const { link_no, personal, status } = link;
  if (!personal)
    throw new Problem(
      422,
      'not_personal',
      `link ${link_no} is a slug link, the same for everybody: make one with personal: true`,
    );
  if (status === 'archived')
    throw new Problem(409, 'archived', `link ${link_no} is archived: activate it (status: active) or mint on another`);
}

/** Links that holdouts get codes on. @throws Problem 409 where one cannot mint any more */
export async function controlLinksOf(
  experiments: readonly Experiment[],
  services: ApiServices,
): Promise<ReadonlyMap<number, Link>> {
  const numbers = experiments.flatMap(({ arms }) => arms.flatMap(({ control_link_no: no }) => no ?? []));
  const links = await Promise.all(numbers.map((no) => storeOf(services).get(no)));
  return new Map(
    links.map((stored, at) => {
      const no = numbers[at] ?? 0;
      if (!stored) throw new Problem(409, 'no_control_link', `the control link ${no} of the holdout does not exist`);
      checkMints(stored.document);
      return [no, stored.document];
    }),
  );
}

/** Tells combinations of values apart. */
export const combinationKey = (values: readonly string[]) => values.join('|');

/**
 * The link of each combination: the link itself where no value is given, else its sibling with these values, made now where
 * it does not exist. A sibling is found by an external id that follows from link and values, so that whoever mints the same
 * combination at the same time uses the same link.
 * @param combinations values of the `by` fields in their order; empty: the link's own
 * @throws Problem 422 where there are too many
 */
export async function siblingsOf(
  link: Link,
  by: readonly ByField[],
  combinations: readonly (readonly string[])[],
  request: ApiRequest,
  services: ApiServices,
): Promise<ReadonlyMap<string, Link>> {
  const distinct = new Map(combinations.map((values) => [combinationKey(values), values]));
  if (distinct.size > MAX_COMBINATIONS)
    throw invalid([
      fault('by', 'too_many', `${distinct.size} combinations of ${by.join(', ')}, the limit is ${MAX_COMBINATIONS}`),
    ]);
  const links = new Map<string, Link>();
  // One after the other: they all take their numbers from one counter.
  for (const [key, values] of distinct) {
    const own = Object.fromEntries(by.map((field, at) => [field, values[at]] as const).filter(([, value]) => value));
    const found = Object.keys(own).length === 0 ? link : await sibling(link, own, request, services);
    checkMints(found);
    links.set(key, found);
  }
  return links;
}

async function sibling(
  link: Link,
  own: Readonly<Partial<Record<ByField, string>>>,
  request: ApiRequest,
  services: ApiServices,
): Promise<Link> {
  const external_id = siblingId(link.link_no, own);
  return retryOnConflict(async () => {
    const { linkNo } = await storeOf(services).claimExternalId(external_id, true, '');
    const existing = await storeOf(services).get(linkNo);
    if (existing) return existing.document;
    const name = `${link.name ?? `link ${link.link_no}`}: ${Object.values(own).join(', ')}`.slice(0, 200);
    const made: Link = { ...link, ...own, link_no: linkNo, external_id, name };
    const store = recordingStore(request, 'changed', services);
    return (await store.create(made, placeOf(linkNo, made, services.deployment))).document;
  });
}

function siblingId(linkNo: number, own: Readonly<Partial<Record<ByField, string>>>): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(Object.entries(own).sort()))
    .digest('base64url')
    .slice(0, 22);
  return `by.${linkNo}.${hash}`;
}

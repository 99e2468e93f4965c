import type { Stored } from '../adapters/entity-store.ts';
import { Problem } from '../core/api/problem.ts';
import type { ApiRequest } from './http.ts';

/** The ETag of a stored document. */
export const etagOf = (stored: Stored<unknown>) => `"${stored.revision}"`;

/**
 * Checks If-Match and `If-None-Match: *` where they were sent.
 * @throws Problem 412 where the document is another than the client saw, or does not exist, or exists and should not
 */
export function checkPreconditions(request: ApiRequest, stored: Stored<unknown> | null): void {
  const exists = stored !== null && stored.revision > 0;
  if (request.header('if-none-match')?.trim() === '*' && exists)
    throw new Problem(412, 'exists', 'the entity exists already: leave If-None-Match out to replace it');
  const header = request.header('if-match');
  if (header === undefined) return;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  const matches = stored !== null && (tags.includes('*') || tags.includes(etagOf(stored)));
  if (!matches)
    throw new Problem(412, 'changed', 'the entity is not the one of If-Match: read it again and repeat the change');
}

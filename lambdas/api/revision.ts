import type { Stored } from '../adapters/entity-store.ts';
import { Problem } from '../core/api/problem.ts';
import type { ApiRequest } from './http.ts';

/** The ETag of a stored document. */
export const etagOf = (stored: Stored<unknown>) => `"${stored.revision}"`;

/**
 * Checks If-Match where it was sent.
 * @throws Problem 412 where the document is another than the client saw, or does not exist
 */
export function checkIfMatch(request: ApiRequest, stored: Stored<unknown> | null): void {
  const header = request.header('if-match');
  if (header === undefined) return;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  const matches = stored !== null && (tags.includes('*') || tags.includes(etagOf(stored)));
  if (!matches)
    throw new Problem(412, 'changed', 'the entity is not the one of If-Match: read it again and repeat the change');
}

/** What a code may look like. Two kinds share the path: slugs (chosen) and personal codes (9, 10 or 11 letters and digits). */

const SLUG = /^[a-z0-9_-]{1,64}$/;
const PERSONAL = /^[A-Za-z0-9]{9,11}$/;

export const SLUG_RULE =
  'must be 1 to 64 characters of a-z 0-9 - _, and not exactly 9, 10 or 11 letters and digits (those are personal codes)';

/** True for a lower-case slug that cannot be mistaken for a personal code. */
export function isSlug(value: string): boolean {
  return SLUG.test(value) && !PERSONAL.test(value);
}

export type ParsedCode =
  | { readonly kind: 'slug'; readonly slug: string }
  | { readonly kind: 'personal'; readonly code: string }
  | { readonly kind: 'malformed' };

/** What message apps pull into a link from the text around it, brackets, quotes, full stops and spaces of several scripts. */
const BEFORE = /^[\s/("'“‘«<[{]{1,4}/;
const BEHIND = /[\s/.,;:!?)\]}'"*>”’»…、。，！？）]{1,5}$/;

/**
 * Reads the code out of a request path, decoded once, without slashes and punctuation around it. Slugs ignore case,
 * personal codes do not.
 */
export function parseCode(path: string): ParsedCode {
  const code = decoded(path).replace(BEFORE, '').replace(BEHIND, '');
  if (PERSONAL.test(code)) return { kind: 'personal', code };
  const slug = code.toLowerCase();
  return isSlug(slug) ? { kind: 'slug', slug } : { kind: 'malformed' };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

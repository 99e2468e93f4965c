/** A request on a short domain, freed of the form in which CloudFront hands it over. */
export interface TapRequest {
  readonly requestId: string;
  readonly method: string;
  /** Host header in lower case, without port. */
  readonly host: string;
  /** Path as sent, still encoded. */
  readonly path: string;
  /** Raw query without its question mark; empty where there is none. */
  readonly query: string;
  /** First value of a header by its lower-case name, or null. */
  header(name: string): string | null;
  /** Address of the visitor, without port. */
  readonly address: string | null;
}

/** The visitor's query as a JSON object, a repeated name holding an array; null where there is none. */
export function visitorParams(query: string): string | null {
  if (query === '') return null;
  const params: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(query)) {
    const known = params[name];
    params[name] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
  }
  return JSON.stringify(params);
}

/** The tag a visitor prefers in an Accept-Language header, in lower case; null where none is named. */
export function preferredLanguage(header: string | null): string | null {
  const tags = (header ?? '').split(',', 20).map((part) => {
    const [tag = '', ...attributes] = part.trim().toLowerCase().split(';');
    const quality = attributes.map((attribute) => attribute.trim()).find((attribute) => attribute.startsWith('q='));
    return { tag: tag.trim(), quality: quality ? Number(quality.slice(2)) || 0 : 1 };
  });
  const named = tags.filter(({ tag, quality }) => /^[a-z]/.test(tag) && quality > 0);
  return named.toSorted((a, b) => b.quality - a.quality)[0]?.tag ?? null;
}

/** Host of a Referer header in lower case; null where it is no URL. */
export function referrerHost(header: string | null): string | null {
  return (header && URL.parse(header)?.hostname) || null;
}

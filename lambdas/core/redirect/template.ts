import { MACROS, type MacroName, type MacroValues } from './macros.ts';

const MACRO = /\{([a-z_]+)\}/g;
/** Everything that a Location header must not hold as it is. */
const NOT_HEADER_SAFE = /[^\x21-\x7e]|[<>"`\\]/gu;

/** One `name=value` of a query, as written and by its decoded name. */
export interface QueryPair {
  readonly raw: string;
  readonly name: string;
}

/** A destination taken apart once, when its link is read, so that a tap only fills it in. */
export interface DestinationTemplate {
  /** Scheme, authority and path. */
  readonly head: string;
  readonly query: readonly QueryPair[] | null;
  /** With its `#`; empty where there is none. */
  readonly fragment: string;
  /** Host that every location built from this template must have, in lower case. */
  readonly host: string;
  readonly macros: ReadonlySet<string>;
}

/** Takes a stored destination apart; null where it is no http(s) URL, which a save would have refused. */
export function compileDestination(destination: string): DestinationTemplate | null {
  const [beforeFragment = '', ...fragment] = destination.split('#');
  const [head = '', ...query] = beforeFragment.split('?');
  const url = /^https?:\/\//i.test(head) ? URL.parse(head) : null;
  if (!url?.host || url.username || url.password) return null;
  return {
    head: asciiHead(head, url),
    query: beforeFragment.includes('?') ? parseQuery(query.join('?')) : null,
    fragment: destination.includes('#') ? `#${fragment.join('#')}` : '',
    host: url.host,
    macros: macrosIn(destination),
  };
}

/** Splits a raw query without re-encoding anything. */
export function parseQuery(raw: string): QueryPair[] {
  return raw
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => ({ raw: pair, name: decodeName(pair.split('=', 1)[0] ?? '') }));
}

/** Percent-decodes a query name or value the way forms encode it; malformed escapes stay as they are. */
export function decodeName(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** Names of the known macros that stand in a text. */
export function macrosIn(text: string): ReadonlySet<string> {
  const names = [...text.matchAll(MACRO)].map(([, name = '']) => name);
  return new Set(names.filter((name) => MACROS.has(name)));
}

/** Fills macros in as they are; an empty one becomes nothing. Names that are no macro stay in their braces. */
export function expandRaw(text: string, values: MacroValues): string {
  if (!text.includes('{')) return text;
  return text.replace(MACRO, (whole, name: string) => (MACROS.has(name) ? (values[name as MacroName] ?? '') : whole));
}

/** Fills macros in percent-encoded, for text that is part of a URL already. */
export function expandEncoded(text: string, values: MacroValues): string {
  if (!text.includes('{')) return text;
  return text.replace(MACRO, (whole, name: string) =>
    MACROS.has(name) ? encodeComponent(values[name as MacroName] ?? '') : whole,
  );
}

/** Like encodeURIComponent, for any string: a lone surrogate becomes U+FFFD instead of an exception. */
export function encodeComponent(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** Encodes what may not stand in a header or URL (controls, spaces, anything beyond ASCII) and leaves the rest untouched. */
export function headerSafe(text: string): string {
  return text.replace(NOT_HEADER_SAFE, encodeComponent);
}

/** An authority beyond ASCII is replaced by its IDNA form; anything else stays as it was written. */
function asciiHead(head: string, url: URL): string {
  const authority = /^https?:\/\/([^/]*)/i.exec(head)?.[1] ?? '';
  const isAscii = headerSafe(authority) === authority;
  return isAscii ? head : `${url.protocol}//${url.host}${head.slice(head.indexOf(authority) + authority.length)}`;
}

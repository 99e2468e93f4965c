import { parsePairs, type RawRequest } from './request.ts';

/** Items a request may carry; a longer list is cut after one more, which is enough to refuse it. */
export const MAX_ITEMS = 1_000;

type Pairs = readonly (readonly [string, string])[];

/** Numbers keep the text they were sent as: no amount becomes a float, no long id loses digits. */
function parseJson(text: string): unknown {
  const keepText = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value;
  return JSON.parse(text, keepText as (key: string, value: unknown) => unknown);
}

/** Pairs as a document: a name given twice with different values, or written `name[]`, becomes a list. */
function fromPairs(pairs: Pairs): Record<string, unknown> {
  const document: Record<string, unknown> = Object.create(null);
  for (const [name, value] of pairs) {
    const key = withoutIndex(name);
    const before = document[key];
    document[key] = key !== name ? listed(before, value) : join(before, value);
  }
  return document;
}

/** `items` of `items[]` and `items[0]`. A regular expression would begin anew at every bracket of a name that is nothing but brackets. */
function withoutIndex(name: string): string {
  if (!name.endsWith(']')) return name;
  const before = name.slice(0, -1);
  const at = before.indexOf('[', before.lastIndexOf(']') + 1);
  return at < 0 ? name : name.slice(0, at);
}

/** A list is added to in place: one copied for each pair would take minutes for a body of some hundred kilobytes. */
function listed(before: unknown, value: string): unknown[] {
  if (!Array.isArray(before)) return before === undefined ? [value] : [before, value];
  before.push(value);
  return before;
}

function join(before: unknown, value: string): unknown {
  if (before === undefined || before === '' || before === value) return value;
  return value === '' ? before : listed(before, value);
}

/** The body of a request: a JSON value, a form as pairs, or null where it cannot be read. */
function readBody({ headers, body }: RawRequest): { json: unknown } | { pairs: Pairs } | null {
  const text = Buffer.from(body)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (text === '') return { pairs: [] };
  const begins = /^[[{]/.test(text);
  if (/json$/.test(type) || (begins && !type.includes('form'))) return tryJson(text);
  // `curl -d '{…}'` calls JSON a form unless told otherwise
  if (type === 'application/x-www-form-urlencoded') return (begins && tryJson(text)) || { pairs: parsePairs(text) };
  return (type === '' || type === 'text/plain') && text.includes('=') ? { pairs: parsePairs(text) } : null;
}

function tryJson(text: string): { json: unknown } | null {
  try {
    const json = parseJson(text);
    return typeof json === 'object' && json !== null ? { json } : null;
  } catch {
    return null;
  }
}

/** One document for each item that a request carries; null where its body cannot be read. A JSON list is many. */
export function documentsOf(request: RawRequest, inlet: 'postbacks' | 'webhooks'): readonly unknown[] | null {
  const body = readBody(request);
  if (!body) return null;
  const query = inlet === 'postbacks' && !request.body_signed ? parsePairs(request.query) : [];
  if ('pairs' in body) return [fromPairs([...query, ...body.pairs])];
  const named = fromPairs(query);
  const withQuery = (json: unknown) =>
    query.length > 0 && typeof json === 'object' && !Array.isArray(json) ? { ...named, ...json } : json;
  return (Array.isArray(body.json) ? body.json.slice(0, MAX_ITEMS + 1) : [body.json]).map(withQuery);
}

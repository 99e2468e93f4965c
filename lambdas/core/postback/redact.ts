import { parsePairs } from './request.ts';

/** Members that tell who somebody is, or prove something: never shown. Whatever they hold is left out with all below it. */
const PRIVATE =
  /e-?mail|phone|mobile|^name$|(first|last|full|sur|customer|company)_?name|address|street|city|zip|postal|birth|^ip$|_ip$|^sig|signature|token|secret|password|authorization|card|iban|customer_id/i;
/** Runs of characters of which an address may consist. One that also looked for the `@` would begin anew at each of them. */
const WORD = /[^\s"'<>,;=&?:]+/g;
const PHONE = /\+\d[\d ()-]{6,}\d/g;
const HIDDEN = '***';
/** Deeper than anybody reads, and far from what a stack holds. */
const MAX_DEPTH = 100;

/** A query or form with what is private hidden. */
export function redactPairs(text: string): string {
  return parsePairs(text)
    .map(([name, value]) => `${name}=${isPrivate(name) ? HIDDEN : redactText(value)}`)
    .join('&');
}

/** A body with what is private hidden: JSON member by member, forms pair by pair, addresses in anything else. */
export function redactBody(text: string, contentType: string | null): string {
  const trimmed = text.trim();
  if (/^[[{]/.test(trimmed)) {
    const json = parsed(trimmed);
    if (json !== undefined) return JSON.stringify(redactValue(json), null, 2);
  }
  return contentType?.includes('form') || /^[\w.[\]-]+=/.test(trimmed) ? redactPairs(trimmed) : redactText(text);
}

/** A parameter's value, hidden where the parameter is private. */
export const redactParameter = (name: string, value: string): string => (isPrivate(name) ? HIDDEN : redactText(value));

const isPrivate = (name: string) => PRIVATE.test(name);
const redactText = (text: string) =>
  text.replace(WORD, (word) => (isAddress(word) ? HIDDEN : word)).replace(PHONE, HIDDEN);

/** Something, an `@`, something, a dot and at least two more characters. */
function isAddress(word: string): boolean {
  const at = word.indexOf('@', 1);
  const dot = at < 0 ? -1 : word.indexOf('.', at + 2);
  return dot >= 0 && dot < word.length - 2;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_DEPTH) return HIDDEN;
  if (Array.isArray(value)) return value.map((element) => redactValue(element, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      member !== null && isPrivate(name) ? HIDDEN : redactValue(member, depth + 1),
    ]),
  );
}

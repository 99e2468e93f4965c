import type { Condition, Path } from '../profiles/profile.ts';
import { parsePairs } from './request.ts';

/** What paths are resolved against; see the path language of `profiles/profile.ts`. */
export interface Scope {
  readonly root: unknown;
  /** The element where a shape reads a list, else the root. */
  readonly item: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

const own = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;

const SEGMENT = /([^.[\]]+)|\[([^=\]]*)(?:=([^\]]*))?\]/g;

function step(value: unknown, [, name, key, wanted]: RegExpMatchArray): unknown {
  if (name !== undefined) return own(value, name);
  if (wanted === undefined) return own(value, key ?? '');
  return Array.isArray(value) ? value.find((element) => String(own(element, key ?? '')) === wanted) : undefined;
}

function walk(start: unknown, path: string): unknown {
  const literal = own(start, path);
  if (literal !== undefined) return literal;
  let value = start;
  for (const segment of path.matchAll(SEGMENT)) value = step(value, segment);
  return value;
}

/** A parameter in the query of a URL or path; undefined where there is none. */
function queryParameter(url: unknown, name: string): string | undefined {
  if (typeof url !== 'string') return undefined;
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  return parsePairs(query).find(([key]) => key === name)?.[1];
}

function template(path: Path, scope: Scope): string | undefined {
  const parts = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, inner = '']) => valueAt(inner, scope));
  if (parts.some((part) => part === undefined || part === null || part === '' || typeof part === 'object'))
    return undefined;
  return path.replace(/\{[^{}]+\}/g, () => String(parts.shift()));
}

/** What stands at a path: text, a structure, or undefined. */
export function valueAt(path: Path, scope: Scope): unknown {
  if (path.startsWith('@')) return scope.headers[path.slice(1)];
  if (path.includes('{')) return template(path, scope);
  const start = path.startsWith('$.') ? scope.root : scope.item;
  const plain = path.startsWith('$.') ? path.slice(2) : path;
  const [, url, parameter] = /^(.+)\?(.+)$/.exec(plain) ?? [];
  return url !== undefined && parameter !== undefined
    ? queryParameter(walk(start, url), parameter)
    : walk(start, plain);
}

/** Elements read of a list: far more codes or lines than an order has that a person made. */
export const MAX_ELEMENTS = 20;

/** Paths of the elements, where one says `[]`; any other path as it is. What is no list counts as its only element. */
export function elementPaths(path: Path, scope: Scope): readonly Path[] {
  const at = path.indexOf('[]');
  if (at < 0 || path.includes('{') || valueAt(path, scope) !== undefined) return [path];
  const [list, rest] = [path.slice(0, at), path.slice(at + 2)];
  const value = valueAt(list, scope);
  const starts = Array.isArray(value) ? value.slice(0, MAX_ELEMENTS).map((_, index) => `${list}.${index}`) : [list];
  return starts.flatMap((start) => elementPaths(`${start}${rest}`, scope));
}

/** Whether every condition holds; letters may be of either case. */
export function holds(conditions: readonly Condition[] | undefined, scope: Scope): boolean {
  return (conditions ?? []).every(({ path, matches }) => {
    const value = valueAt(path, scope);
    const text = value === undefined || value === null || typeof value === 'object' ? '' : String(value);
    return new RegExp(`^(?:${matches})$`, 'i').test(text);
  });
}

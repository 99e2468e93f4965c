import { fault, invalid, Problem } from '../api/problem.ts';
import { ANSWER_COLUMNS, attributeFaults, type ByField, type ColumnRole, roleOf } from './columns.ts';
import type { ListText } from './encoding.ts';
import type { List, ListRow, RowAnswer } from './list.ts';

/** A row of a JSON list: an object, or something else that then cannot be minted. */
interface Entry {
  readonly place: number;
  readonly object: Readonly<Record<string, unknown>> | null;
  /** What came instead of an object. */
  readonly input?: unknown;
}

/** Longest piece of what is no JSON that is sent back. */
const MAX_ECHO = 500;

/** Reads a JSON array of objects. @throws Problem 400 or 422 */
export function readJsonList({ text }: ListText, by: readonly ByField[]): List {
  const items = parsed(text);
  if (!items) throw new Problem(400, 'malformed_json', 'the body is not JSON');
  if (!Array.isArray(items.value)) throw invalid([fault('', 'invalid_type', 'must be a JSON array of objects')]);
  const entries = items.value.map((value: unknown, at) => entryOf(value, at + 1));
  return listOf(entries, by, (rows) => JSON.stringify(rows));
}

/** Reads one JSON object a line; empty lines are left out. */
export function readNdjsonList({ text }: ListText, by: readonly ByField[]): List {
  const entries = text.split(/\r\n|\n|\r/).flatMap((line, at) => {
    if (line.trim() === '') return [];
    const item = parsed(line);
    return [item ? entryOf(item.value, at + 1) : { place: at + 1, object: null, input: line.slice(0, MAX_ECHO) }];
  });
  return listOf(entries, by, (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

function parsed(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function entryOf(value: unknown, place: number): Entry {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? { place, object: value as Record<string, unknown> } : { place, object: null, input: value };
}

function listOf(entries: readonly Entry[], by: readonly ByField[], serialise: (rows: unknown[]) => string): List {
  const replaced = new Set<string>();
  const roles = roleReader(by);
  return {
    rows: entries.map((entry) => toRow(entry, roles, replaced)),
    replaced: [...replaced],
    write: (answers) =>
      serialise(
        entries.flatMap(({ object, input }, at) => {
          const answer = answers[at];
          return answer ? [merged(object ?? { input }, answer, roles)] : [];
        }),
      ),
  };
}

type RoleOf = (key: string) => ColumnRole;

/** Most rows have the same keys: each is looked at once. */
function roleReader(by: readonly ByField[]): RoleOf {
  const roles = new Map<string, ColumnRole>();
  return (key) => {
    const role = roles.get(key) ?? roleOf(key, by);
    roles.set(key, role);
    return role;
  };
}

function toRow({ place, object }: Entry, roles: RoleOf, replaced: Set<string>): ListRow {
  if (!object) return { place, values: {}, attributes: {}, error: 'the row is not a JSON object' };
  const values: Record<string, string> = {};
  const attributes: Record<string, string> = {};
  const errors: string[] = [];
  for (const [key, value] of Object.entries(object)) {
    const { kind, name } = roles(key);
    const into = kind === 'attribute' ? attributes : values;
    if (kind === 'answer') replaced.add(name);
    if (kind === 'answer' || kind === 'unnamed') continue;
    if (Object.hasOwn(into, name)) errors.push(`there is more than one ${name}`);
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
      errors.push(`${name} is too large a number to be exact: send it in quotes`);
    into[name] = textOf(value);
  }
  errors.push(...attributeFaults(Object.keys(attributes)));
  return { place, values, attributes, ...(errors.length > 0 && { error: errors.join('; ') }) };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The row with its answer behind; `error` only where there is one. */
function merged(row: Readonly<Record<string, unknown>>, answer: RowAnswer, roles: RoleOf): Record<string, unknown> {
  const kept = Object.entries(row).filter(([key]) => roles(key).kind !== 'answer');
  const added = ANSWER_COLUMNS.filter((column) => column !== 'error' || answer.error !== null);
  return Object.fromEntries([...kept, ...added.map((column) => [column, answer[column]])]);
}

/** Who made a change: the token it came with. */
export interface Actor {
  readonly token_id: string;
  readonly token_name: string;
}

/** What a write was to the entity. */
export type HistoryAction = 'created' | 'replaced' | 'changed' | 'archived';

type Document = Readonly<Record<string, unknown>>;

/** What an item says of its own last write, beside the document that the write left. */
export interface ChangeNote extends Actor {
  readonly action: HistoryAction;
  /** Values before the write of the fields it changed; empty for a creation. */
  readonly before: Document;
}

/** One field of an entity before and after a change; null where it had no value. */
export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** One change of an entity, as the history shows it. */
export interface HistoryEntry extends Actor {
  /** Revision that the change made; the ETag is this number in quotes. */
  readonly revision: number;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly action: HistoryAction;
  readonly changes: readonly FieldChange[];
}

/** Longest value kept whole, characters of its JSON: a note shares the 400 KB of an item with the document. */
const MAX_VALUE_LENGTH = 8_000;
const SHORTENED_LENGTH = 1_000;

/**
 * Describes a write from what was there and what it leaves.
 * @param verb what the caller did where the entity existed and is not archived by it
 */
export function noteOf(
  verb: 'replaced' | 'changed',
  { token_id, token_name }: Actor,
  before: Document | null,
  after: Document,
): ChangeNote {
  if (!before) return { action: 'created', token_id, token_name, before: {} };
  const isArchived = after.status === 'archived' && before.status !== 'archived';
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = fields.filter((field) => !isSame(before[field], after[field]));
  return {
    action: isArchived ? 'archived' : verb,
    token_id,
    token_name,
    before: Object.fromEntries(changed.map((field) => [field, shortened(before[field])])),
  };
}

/** The entry of a write, from its note and the document it left. */
export function entryOf(note: ChangeNote, after: Document, revision: number, at: string): HistoryEntry {
  const { action, token_id, token_name, before } = note;
  const fields =
    action === 'created' ? Object.keys(after).filter((field) => hasValue(after[field])) : Object.keys(before);
  const changes = fields.map((field) => ({ field, before: before[field] ?? null, after: shortened(after[field]) }));
  return { revision, at, action, token_id, token_name, changes };
}

const isSame = (a: unknown, b: unknown) => canonical(a ?? null) === canonical(b ?? null);

/** JSON in which the order of members does not count: the store gives an object's members back in another order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function hasValue(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** The value itself or, where it is very long, its beginning and its length. */
function shortened(value: unknown): unknown {
  const json = JSON.stringify(value ?? null);
  if (json.length <= MAX_VALUE_LENGTH) return value ?? null;
  return { begins: json.slice(0, SHORTENED_LENGTH), characters: json.length };
}

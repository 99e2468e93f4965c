import type { Match } from '../match.ts';
import type { MatchKeys } from '../match-keys.ts';
import type { StoredMessage } from '../postback/stored-message.ts';
import type { Transition } from './apply.ts';
import type { SourceEvent } from './source-event.ts';
import type { ConversionState, LedgerEntry } from './state.ts';

/** An entry with where it came from. */
export interface RecordedEntry extends LedgerEntry {
  readonly origin: StoredMessage['origin'];
  /** Id of the message it was read from. */
  readonly raw_ref: string;
  /** Profile of the source. */
  readonly network: string;
}

/** Whose a conversion is. `version` grows whenever that changes: then all its entries are emitted once more. */
export interface Join {
  readonly keys: MatchKeys;
  readonly match: Match;
  readonly version: number;
}

/** Everything kept of a conversion, written in one piece. What has to reach others is named here until it is known to be there. */
export interface ConversionRecord {
  /** `pending` is empty here: it is kept by id. */
  readonly state: ConversionState;
  readonly entries: readonly RecordedEntry[];
  readonly join: Join;
  /** Ids of entries not yet known to be in the lake. */
  readonly pending: readonly string[];
  /** Events of the source not yet known to be on record. */
  readonly events: readonly SourceEvent[];
}

/** Where the entries of a message come from. */
export type EntryOrigin = Pick<RecordedEntry, 'origin' | 'raw_ref' | 'network'>;

export interface Recording {
  readonly transition: Transition;
  readonly join: Omit<Join, 'version'>;
  readonly from: EntryOrigin;
  /** What became of the message's item; goes on record together with the effect. */
  readonly event: SourceEvent;
}

/** The record after a message; the very same object where the message changed nothing. */
export function recorded(
  before: ConversionRecord | null,
  { transition, join, from, event }: Recording,
): ConversionRecord | null {
  const after = before ? retold(rejoined(before, join), transition.state) : null;
  if (!transition.changed && after === before) return before;
  const entries = transition.entries.map((entry): RecordedEntry => ({ ...entry, ...from }));
  const record: ConversionRecord = {
    state: { ...transition.state, pending: [] },
    entries: [...(after?.entries ?? []), ...entries],
    join: after?.join ?? { ...join, version: 1 },
    pending: [...(after?.pending ?? []), ...entries.map(({ entry_id }) => entry_id)],
    events: [...(after?.events ?? []), ...(isOnRecord(transition) ? [event] : [])],
  };
  return record;
}

/**
 * Whether the event of a message goes on record together with its effect. That of a repeat need not: whoever delivers the message again
 * comes to the same.
 */
export const isOnRecord = ({ changed, reason }: Transition): boolean => changed && reason !== 'repeat';

/** The record with another join: every entry is emitted once more with the next version. The very same object where nothing changes. */
export function rejoined(record: ConversionRecord, join: Omit<Join, 'version'>): ConversionRecord {
  const { version, ...known } = record.join;
  const match = isSameTarget(known.match, join.match) ? { ...known.match, ...besidesOf(join.match) } : join.match;
  if (isEqual(known, { keys: join.keys, match })) return record;
  const after = { ...record, join: { keys: join.keys, match, version } };
  // when a key was told is nobody's business but the next message's
  const isShown = !isEqual({ ...known.keys, told_at: null }, { ...join.keys, told_at: null });
  return isShown || !isEqual(known.match, match) ? again(after) : after;
}

/**
 * The record with times and details of its conversions as they are known now, told once more
 * like {@link rejoined} where one changed.
 */
function retold(record: ConversionRecord, { converted_at, details }: ConversionState): ConversionRecord {
  const entries = record.entries.map((entry) => ({
    ...entry,
    converted_at: converted_at[entry.conversion_id] ?? entry.converted_at,
    txn_id: details.txn_id,
    order_id: details.order_id,
    product: details.product,
    quantity: details.quantity,
  }));
  return isEqual(entries, record.entries) ? record : again({ ...record, entries });
}

/** All entries of the record are owed anew, with the next version. */
const again = ({ join, ...record }: ConversionRecord): ConversionRecord => ({
  ...record,
  join: { ...join, version: join.version + 1 },
  pending: record.entries.map(({ entry_id }) => entry_id),
});

/** The same person by the same key keeps the fields of the link as they were then: links change, what happened does not. */
const isSameTarget = (a: Match, b: Match) =>
  a.match === b.match &&
  a.match !== 'none' &&
  a.subscriber_no === b.subscriber_no &&
  a.subscriber_id === b.subscriber_id;

/** What other keys than the best tell. */
const besidesOf = ({ match_conflict, identity_subscriber_no, redeemed_code }: Match) => ({
  match_conflict,
  identity_subscriber_no,
  ...(redeemed_code !== undefined && { redeemed_code }),
});

const isEqual = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** Maps of a table come back with their members in another order. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}

/** What of a record has been delivered. */
export interface Delivered {
  readonly entries: ReadonlySet<string>;
  readonly events: ReadonlySet<string>;
  /** Version the entries were emitted with. */
  readonly version: number;
}

/** The record once that is delivered. Entries of an older version than the record's still are to be emitted. */
export function settled(record: ConversionRecord, { entries, events, version }: Delivered): ConversionRecord {
  const isOld = version !== record.join.version;
  return {
    ...record,
    pending: record.pending.filter((id) => isOld || !entries.has(id)),
    events: record.events.filter(({ id }) => !events.has(id)),
  };
}

/** Whether there is anything to deliver. */
export const isPending = ({ pending, events }: ConversionRecord): boolean => pending.length + events.length > 0;

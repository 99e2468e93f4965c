import { ledgerIndex, ledgerKey } from '../contract/keys.ts';
import type { Actor, HistoryEntry } from '../core/history.ts';
import { ConditionFailedError, type DynamoTable } from './dynamo-table.ts';

/** Who writes, and where the change goes on record. */
export interface Journal {
  readonly history: HistoryStore;
  readonly actor: Actor;
  /** What a write is called that neither creates nor archives. */
  readonly verb: 'replaced' | 'changed';
  /** Told where an entry could not be written at once; the item still carries it. */
  readonly late: (error: unknown) => void;
}

/**
 * Entries of the history in the ledger table, one for each revision of an entity. An entry's key is its entity and
 * revision, so that whoever writes it, and however often, there is one.
 *
 * Nothing false and nothing lost: the note of a change is part of the very item that the change writes, in the same
 * conditional put, and goes into the ledger afterwards. Should the process die in between, the note is still in the item,
 * and the next writer puts it into the ledger before it may overwrite it; readers look at the item first.
 */
export class HistoryStore {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  /** Puts an entry on record, or finds it there. */
  async keep(subject: string, entry: HistoryEntry): Promise<void> {
    try {
      await this.#table.put({ ...keyOf(subject, entry.revision), entry }, { expression: 'attribute_not_exists(pk)' });
    } catch (error) {
      if (!(error instanceof ConditionFailedError)) throw error;
    }
  }

  /** Entries before a revision, the newest first; `isLast` where there are no older ones. */
  async before(subject: string, revision: number, limit: number) {
    const { items, next } = await this.#table.query({
      index: ledgerIndex.byKind,
      partition: { name: 'kind', value: ledgerKey.history(subject) },
      limit,
      descending: true,
      from: keyOf(subject, revision),
    });
    return { entries: items.map((item) => item.entry as HistoryEntry), isLast: next === null };
  }
}

function keyOf(subject: string, revision: number) {
  const kind = ledgerKey.history(subject);
  const sort = String(revision).padStart(12, '0');
  return { pk: `${kind}#${sort}`, kind, sort };
}

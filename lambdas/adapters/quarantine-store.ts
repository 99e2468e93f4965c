import { ledgerIndex, ledgerKey } from '../contract/keys.ts';
import type { StoredMessage } from '../core/postback/stored-message.ts';
import type { Condition } from './dynamo-expressions.ts';
import { type DynamoTable, goesThrough, type Item } from './dynamo-table.ts';
import {
  type Dismissal,
  isAmong,
  kindOf,
  pkOf,
  placeOf,
  type Quarantined,
  type QuarantinedPart,
  type QuarantinePlace,
  SHARDS,
  type Shelf,
  shardOf,
  sortOf,
  toItem,
  toQuarantined,
} from './quarantine-item.ts';
import { retryOnConflict } from './retry-on-conflict.ts';

/** The first messages behind a place. */
export interface QuarantinePage {
  readonly found: readonly Quarantined[];
  /** Where the list goes on; null at the end. A page may be short, even empty, and yet not the last. */
  readonly next: QuarantinePlace | null;
}

type Table = Pick<DynamoTable, 'get' | 'put' | 'delete' | 'query'>;

/** Messages that could not be understood, and refunds whose sale has not come. */
export class QuarantineStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** What of a message is in quarantine or was dismissed, else what waits. */
  async get(id: string): Promise<Quarantined | null> {
    const item = (await this.#table.get(ledgerKey.quarantine(id))) ?? (await this.#table.get(ledgerKey.waiting(id)));
    return item && toQuarantined(item);
  }

  /** Puts a message into quarantine, or anew with what is wrong with it now; what was dismissed stays so, however often it comes. */
  async put(message: StoredMessage, parts: readonly QuarantinedPart[], now: number, replays = 0): Promise<void> {
    const item = toItem('quarantine', message, parts, now, replays);
    if (!(await goesThrough(this.#table.put(item, { expression: 'attribute_not_exists(dismissed)' }))))
      await this.#putDismissed(message, parts, now, replays);
  }

  /** Of a message that was dismissed what is listed again stays so while it is wrong. */
  async #putDismissed(message: StoredMessage, parts: readonly QuarantinedPart[], now: number, replays: number) {
    const there = await this.get(message.id);
    if (!there?.dismissed || there.shelf === 'dismissed') return;
    const left = parts.filter((one) => isAmong(there.parts, one));
    const shelf = left.length > 0 ? 'quarantine' : 'dismissed';
    await this.#table.put({ ...toItem(shelf, message, left, now, replays), dismissed: there.dismissed });
  }

  /** Lists parts of a message beside those that are listed, though the message was dismissed while they waited. */
  async add(message: StoredMessage, parts: readonly QuarantinedPart[], now: number): Promise<void> {
    await retryOnConflict(async () => {
      const item = await this.#table.get(ledgerKey.quarantine(message.id));
      const there = item && toQuarantined(item);
      const listed = there?.shelf === 'quarantine' ? there.parts : [];
      const all = [...listed.filter((one) => !isAmong(parts, one)), ...parts];
      const dismissed = there?.dismissed && { dismissed: there.dismissed };
      const next = toItem('quarantine', message, all, now, there?.replays ?? 0);
      await this.#table.put({ ...next, ...dismissed }, item ? asFound(item) : asRead(0));
    });
  }

  /** Takes a message off the list, unless it left quarantine meanwhile. */
  async dismiss({ message, parts, quarantined_at, replays }: Quarantined, dismissed: Dismissal): Promise<void> {
    const item = toItem('dismissed', message, parts, quarantined_at, replays);
    const values = { ':listed': kindOf('quarantine', shardOf(message.id)) };
    await goesThrough(this.#table.put({ ...item, dismissed }, { expression: 'kind = :listed', values }));
  }

  /** Keeps parts whose sale has not come, beside those that wait; what waits already waits on as it does. */
  async wait(message: StoredMessage, parts: readonly QuarantinedPart[], now: number): Promise<void> {
    await retryOnConflict(async () => {
      const item = await this.#table.get(ledgerKey.waiting(message.id));
      const there = item && toQuarantined(item);
      const more = parts.filter((one) => !isAmong(there?.parts ?? [], one));
      if (more.length === 0) return;
      const all = [...(there?.parts ?? []), ...more];
      const rev = there?.rev ?? 0;
      await this.#table.put(
        { ...toItem('waiting', message, all, there?.quarantined_at ?? now, 0), rev: rev + 1 },
        asRead(rev),
      );
    });
  }

  /** Lets those parts wait on that were tried again in vain, unless others came to wait meanwhile: then all are tried again. */
  async waitOn({ message, rev }: Quarantined, parts: readonly QuarantinedPart[], now: number): Promise<void> {
    await goesThrough(this.#table.put({ ...toItem('waiting', message, parts, now, 0), rev: rev + 1 }, asRead(rev)));
  }

  /** Nothing of it waits any more, unless others came to wait since it was read. @param rev as it was read; whatever it is where not given */
  async stopWaiting({ id, rev }: Pick<Quarantined, 'id'> & Partial<Pick<Quarantined, 'rev'>>): Promise<void> {
    await goesThrough(this.#table.delete(ledgerKey.waiting(id), rev === undefined ? undefined : asRead(rev)));
  }

  async delete(id: string): Promise<void> {
    await this.#table.delete(ledgerKey.quarantine(id));
  }

  /**
   * Messages behind a place, those received first at the top. A call of the table ends after 1 MB, whatever its limit: what one shard
   * holds beyond the last key that another one reached is not given out yet, or what lies between would be passed over.
   */
  async list(shelf: Shelf, after: QuarantinePlace | null, limit: number): Promise<QuarantinePage> {
    const shards = await Promise.all(Array.from({ length: SHARDS }, (_, at) => this.#shard(shelf, at, after, limit)));
    const [reached] = shards.flatMap(({ end }) => end ?? []).toSorted();
    const found = shards
      .flatMap(({ found }) => found)
      .toSorted((a, b) => (sortOf(a) < sortOf(b) ? -1 : 1))
      .filter((one) => reached === undefined || sortOf(one) <= reached);
    const last = found[limit - 1];
    if (last && (reached !== undefined || found.length > limit)) return { found: found.slice(0, limit), next: last };
    return { found, next: reached === undefined ? null : placeOf(reached) };
  }

  /** A page of one shard, and the last sort key it reached; null where the shard ends with it. */
  async #shard(shelf: Shelf, shard: number, after: QuarantinePlace | null, limit: number) {
    const kind = kindOf(shelf, shard);
    const { items, next } = await this.#table.query({
      index: ledgerIndex.byKind,
      partition: { name: 'kind', value: kind },
      limit,
      ...(after && { from: { pk: pkOf(shelf, after.id), kind, sort: sortOf(after) } }),
    });
    return { found: items.map(toQuarantined), end: next && String(next.sort) };
  }
}

const asRead = (rev: number): Condition =>
  rev === 0 ? { expression: 'attribute_not_exists(pk)' } : { expression: 'rev = :rev', values: { ':rev': rev } };

/** Nobody wrote to it since. */
const asFound = ({ kind, quarantined_at }: Item): Condition => ({
  expression: 'kind = :kind AND quarantined_at = :at',
  values: { ':kind': kind, ':at': quarantined_at },
});

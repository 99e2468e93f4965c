import type { MintedState, PromoState } from '../contract/keys.ts';
import { type ChangeNote, entryOf, type HistoryEntry, noteOf } from '../core/history.ts';
import type { Change } from './dynamo-expressions.ts';
import type { DynamoTable, Item, Page } from './dynamo-table.ts';
import type { Journal } from './history-store.ts';

export type EntityKind = 'link' | 'campaign' | 'offer' | 'domain' | 'experiment' | 'source';

/** A document as it lies in the links table. */
export interface Stored<T> {
  readonly pk: string;
  readonly document: T;
  /** Grows with every write; the ETag shows it. */
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** What the last write changed; absent where it was not recorded. */
  readonly change?: ChangeNote;
  /** Edge key that the codes of this link, or the promo codes of this campaign, are made with; absent before the first. */
  readonly codeKey?: number;
}

/** What a write puts beside the document: the attributes the indexes need. */
export interface Placement {
  readonly pk: string;
  /** Absent on what no list shows, such as the settings. */
  readonly kind?: EntityKind;
  readonly sort?: string;
  readonly campaignId?: string | null;
  /** Name under which changes are recorded. @default not recorded */
  readonly subject?: string;
  /** Attributes to write with the document: a value sets one, null removes it, undefined leaves it. @default none */
  readonly beside?: Readonly<Record<string, unknown>>;
}

/** An item of ours that cannot be read; distinct from one that does not exist. */
export class UnreadableItemError extends Error {
  override readonly name = 'UnreadableItemError';
}

/** Documents with revisions over the links table. */
export class EntityStore {
  readonly #table: DynamoTable;
  readonly #now: () => number;
  readonly #journal: Journal | undefined;

  /** @param journal records what is written @default nothing is recorded */
  constructor(table: DynamoTable, now: () => number, journal?: Journal) {
    this.#table = table;
    this.#now = now;
    this.#journal = journal;
  }

  /** @throws UnreadableItemError where the item holds no document */
  async get<T>(pk: string): Promise<Stored<T> | null> {
    const item = await this.#table.get(pk);
    return item && toStored<T>(item);
  }

  /**
   * Writes a document over the revision that was read, or as new where there was none (null, or revision 0).
   * @throws ConditionFailedError where someone else wrote in between
   */
  async save<T extends object>(placement: Placement, document: T, previous: Stored<T> | null): Promise<Stored<T>> {
    const now = new Date(this.#now()).toISOString();
    const isNew = !previous?.revision;
    const stored: Stored<T> = {
      pk: placement.pk,
      document,
      revision: (previous?.revision ?? 0) + 1,
      createdAt: isNew ? now : previous.createdAt,
      updatedAt: now,
      ...(previous?.codeKey !== undefined && { codeKey: previous.codeKey }),
      ...this.#note(placement, document, isNew ? null : previous),
    };
    if (previous) await this.#settle(placement, previous);
    const condition = isNew
      ? { expression: 'attribute_not_exists(pk)' }
      : { expression: 'rev = :rev', values: { ':rev': previous.revision } };
    await this.#table.update(placement.pk, toChange(stored, placement), condition);
    await this.#settle(placement, stored).catch((error) => this.#journal?.late(error));
    return stored;
  }

  #note<T extends object>({ subject }: Placement, document: T, previous: Stored<T> | null): { change?: ChangeNote } {
    if (!this.#journal || subject === undefined) return {};
    const { verb, actor } = this.#journal;
    const before = (previous?.document ?? null) as Readonly<Record<string, unknown>> | null;
    return { change: noteOf(verb, actor, before, document as Readonly<Record<string, unknown>>) };
  }

  /** Puts the change that an item carries on record; doing so again changes nothing. */
  async #settle<T extends object>({ subject }: Placement, stored: Stored<T>): Promise<void> {
    const entry = entryIn(stored);
    if (this.#journal && subject !== undefined && entry) await this.#journal.history.keep(subject, entry);
  }

  /** One page of an index, documents and keys. */
  async page<T>(
    query: Parameters<DynamoTable['query']>[0],
  ): Promise<{ entities: readonly Stored<T>[]; items: Page['items']; next: Page['next'] }> {
    const { items, next } = await this.#table.query(query);
    return { entities: items.map((item) => toStored<T>(item)), items, next };
  }
}

/** The entry of the change that a stored document carries, or null where it carries none. */
export function entryIn(stored: Stored<object>): HistoryEntry | null {
  const { change, document, revision, updatedAt } = stored;
  return change ? entryOf(change, document as Readonly<Record<string, unknown>>, revision, updatedAt) : null;
}

/** The attributes of a document; what others keep on the item beside it, such as the state of minting, stays. */
function toChange<T>(stored: Stored<T>, { kind, sort, campaignId, beside = {} }: Placement): Change {
  const given = Object.entries(beside).filter(([, value]) => value !== null);
  const set = {
    ...Object.fromEntries(given),
    rev: stored.revision,
    created_at: stored.createdAt,
    updated_at: stored.updatedAt,
    doc: stored.document,
    ...(kind && { kind, sort }),
    ...(campaignId && { campaign_id: campaignId }),
    ...(stored.change && { change: stored.change }),
  };
  const cleared = Object.keys(beside).filter((name) => beside[name] === null);
  return { set, remove: [...(campaignId ? [] : ['campaign_id']), ...(stored.change ? [] : ['change']), ...cleared] };
}

function toStored<T>(item: Item): Stored<T> {
  if (typeof item.doc !== 'object' || item.doc === null || typeof item.rev !== 'number')
    throw new UnreadableItemError(`the item ${item.pk} holds no document`);
  return {
    pk: item.pk,
    document: item.doc as T,
    revision: item.rev,
    createdAt: String(item.created_at),
    updatedAt: String(item.updated_at),
    ...(item.change !== undefined && { change: item.change as ChangeNote }),
    ...codeKeyOf(item),
  };
}

function codeKeyOf({ minted, promo_state }: Item): { codeKey?: number } {
  const codeKey = (minted as MintedState | undefined)?.code_key ?? (promo_state as PromoState | undefined)?.key;
  return codeKey === undefined ? {} : { codeKey };
}

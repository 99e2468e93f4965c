import { type IdentityKind, ledgerKey } from '../contract/keys.ts';
import type { Mark } from '../core/identity/addresses.ts';
import { ConditionFailedError, type DynamoTable, type Item } from './dynamo-table.ts';

/** To whom an address or customer id belongs. */
export interface IdentityOwner {
  /** The subscriber who came with it last in a list, or else first by a click; null where nobody of the list did. */
  readonly subscriberId: string | null;
  /** The latest anonymous click whose visitor gave it; null where there was none, or it is too long ago. */
  readonly clickId: string | null;
  /** True where a click of somebody else claimed it, too: a shared phone, a family's mailbox. */
  readonly contested: boolean;
}

/** A click on a shared code, whose visitor said who they are. */
export interface AnonymousClick {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

/** What a claim came to. `older`: a later click has it. */
export type Claimed = 'bound' | 'contested' | 'older';

/** How long what an anonymous visitor told is kept after the click, s; conversions may come late. */
const KEPT_SECONDS = 180 * 86_400;

/**
 * Bindings of addresses and customer ids that clicks claim: items `identity#<kind>#<hash>`, which the mint writes, too. A list
 * outdoes a click whenever it comes; among clicks of subscribers the first wins, among anonymous ones the latest (ADR 26).
 */
export class IdentityStore {
  readonly #ledger: DynamoTable;
  readonly #now: () => number;

  constructor(ledger: DynamoTable, now: () => number) {
    this.#ledger = ledger;
    this.#now = now;
  }

  /** Owners by key `<kind>#<hash>`; those that belong to nobody are missing. */
  async ownersOf(marks: readonly Mark[]): Promise<ReadonlyMap<string, IdentityOwner>> {
    const items = await this.#ledger.getMany(marks.map(({ kind, hash }) => ledgerKey.identity(kind, hash)));
    const owners = new Map<string, IdentityOwner>();
    for (const mark of marks) {
      const owner = this.#toOwner(items.get(ledgerKey.identity(mark.kind, mark.hash)));
      if (owner) owners.set(markKey(mark), owner);
    }
    return owners;
  }

  /** A subscriber's click says that this is theirs: so it is, unless it is somebody else's. */
  async claim(mark: Mark, subscriberId: string): Promise<Claimed> {
    const pk = ledgerKey.identity(mark.kind, mark.hash);
    const isBound = await this.#update(
      pk,
      { set: { subscriber_id: subscriberId }, remove: ['expires_at'] },
      { expression: 'attribute_not_exists(subscriber_id) OR subscriber_id = :id', values: { ':id': subscriberId } },
    );
    if (!isBound) {
      await this.#ledger.update(pk, { set: { contested: true } });
      return 'contested';
    }
    await this.#update(
      ledgerKey.subscriber(subscriberId),
      { add: { identities: new Set([markKey(mark)]) } },
      { expression: 'attribute_exists(#no)', names: { '#no': 'no' } },
    );
    return 'bound';
  }

  /** An anonymous click says that its visitor has this. It never changes whose it is, and goes some time after the click. */
  async claimByClick(mark: Mark, { id, time }: AnonymousClick): Promise<Claimed> {
    const pk = ledgerKey.identity(mark.kind, mark.hash);
    const set = { click_id: id, clicked_at: time };
    const isLater = '(attribute_not_exists(clicked_at) OR clicked_at < :time OR click_id = :id)';
    const values = { ':time': time, ':id': id };
    const expires_at = Math.floor(time / 1_000) + KEPT_SECONDS;
    const isBound =
      (await this.#update(
        pk,
        { set: { ...set, expires_at } },
        { expression: `attribute_not_exists(subscriber_id) AND ${isLater}`, values },
      )) ||
      // What has an owner does not expire.
      (await this.#update(pk, { set }, { expression: `attribute_exists(subscriber_id) AND ${isLater}`, values }));
    return isBound ? 'bound' : 'older';
  }

  async #update(...update: Parameters<DynamoTable['update']>): Promise<boolean> {
    try {
      await this.#ledger.update(...update);
      return true;
    } catch (error) {
      if (error instanceof ConditionFailedError) return false;
      throw error;
    }
  }

  #toOwner(item: Item | undefined): IdentityOwner | null {
    // TTL deletes late.
    if (!item || (typeof item.expires_at === 'number' && item.expires_at * 1_000 <= this.#now())) return null;
    const text = (value: unknown) => (typeof value === 'string' ? value : null);
    return {
      subscriberId: text(item.subscriber_id),
      clickId: text(item.click_id),
      contested: item.contested === true,
    };
  }
}

/** A mark as subscribers' items hold it. */
export const markKey = ({ kind, hash }: Mark): `${IdentityKind}#${string}` => `${kind}#${hash}`;

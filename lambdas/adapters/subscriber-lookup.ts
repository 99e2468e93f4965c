import { type IdentityKind, ledgerKey, subscriberSlot } from '../contract/keys.ts';
import type { DynamoTable } from './dynamo-table.ts';

/** Ids and numbers of subscribers by each other, many at a time; those never minted have no number and are missing. */
export class SubscriberLookup {
  readonly #ledger: DynamoTable;

  constructor(ledger: DynamoTable) {
    this.#ledger = ledger;
  }

  /** Numbers of subscribers by their ids; one read for each. */
  async numbersOf(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const items = await this.#ledger.getMany(ids.map(ledgerKey.subscriber));
    const found = ids.flatMap((id) => {
      const no = items.get(ledgerKey.subscriber(id))?.no;
      return typeof no === 'number' ? [[id, no] as const] : [];
    });
    return new Map(found);
  }

  /** Ids of subscribers by their numbers; one read for each page of 256 neighbours. */
  async idsOf(numbers: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const items = await this.#ledger.getMany(numbers.map((no) => ledgerKey.subscriberPage(subscriberSlot(no).page)));
    const found = numbers.flatMap((no) => {
      const { page, attribute } = subscriberSlot(no);
      const id = items.get(ledgerKey.subscriberPage(page))?.[attribute];
      return typeof id === 'string' ? [[no, id] as const] : [];
    });
    return new Map(found);
  }

  /** The subscriber who came with an identity last; null where none did. */
  async ownerOf(kind: IdentityKind, hash: string): Promise<string | null> {
    const id = (await this.#ledger.get(ledgerKey.identity(kind, hash)))?.subscriber_id;
    return typeof id === 'string' ? id : null;
  }
}

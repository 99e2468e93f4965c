import { ledgerIndex, ledgerKey } from '../contract/keys.ts';
import { ConditionFailedError, type DynamoTable } from './dynamo-table.ts';

/** A label on a subscriber. */
export interface Label {
  readonly label: string;
  readonly subscriber_id: string;
  readonly subscriber_no: number;
  /** When it was put on, RFC 3339. */
  readonly labelled_at: string;
}

const PREFIX = 'label:';

/**
 * Labels of subscribers. A label on a subscriber is one item, whose being there is all that counts; it lists under its
 * label by the index. The other way, an item of the subscriber names every label it ever had, written before the label
 * itself and never taken back: whatever puts on and takes off at once, what is read is what the single items say.
 */
export class LabelStore {
  readonly #table: DynamoTable;
  readonly #now: () => number;

  constructor(table: DynamoTable, now: () => number) {
    this.#table = table;
    this.#now = now;
  }

  /** Puts a label on; one that is there stays as it is. */
  async add(label: string, subscriber: { readonly id: string; readonly no: number }): Promise<void> {
    await this.#table.update(ledgerKey.labelsOf(subscriber.id), { set: { [PREFIX + label]: true } });
    const item = {
      pk: ledgerKey.label(label, subscriber.id),
      kind: ledgerKey.labelKind(label),
      sort: subscriber.id,
      label,
      subscriber_id: subscriber.id,
      subscriber_no: subscriber.no,
      labelled_at: new Date(this.#now()).toISOString(),
    };
    try {
      await this.#table.put(item, { expression: 'attribute_not_exists(pk)' });
    } catch (error) {
      if (!(error instanceof ConditionFailedError)) throw error;
    }
  }

  /** Takes a label off; one that is not there is no matter. */
  async remove(label: string, subscriberId: string): Promise<void> {
    await this.#table.delete(ledgerKey.label(label, subscriberId));
  }

  /** Labels of a subscriber by name. */
  async of(subscriberId: string): Promise<Label[]> {
    const item = await this.#table.get(ledgerKey.labelsOf(subscriberId));
    const ever = Object.keys(item ?? {}).filter((name) => name.startsWith(PREFIX));
    const keys = ever.sort().map((name) => ledgerKey.label(name.slice(PREFIX.length), subscriberId));
    const found = await this.#table.getMany(keys);
    return keys.flatMap((key) => found.get(key) ?? []).map(toLabel);
  }

  /** Those of these subscribers that have a label. */
  async having(label: string, subscriberIds: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.#table.getMany(subscriberIds.map((id) => ledgerKey.label(label, id)));
    return new Set([...found.values()].map((item) => String(item.subscriber_id)));
  }

  /** One page of the subscribers of a label, by their ids. The index may lag by a moment. */
  async subscribers(label: string, limit: number, from?: Readonly<Record<string, unknown>>) {
    const partition = { name: 'kind', value: ledgerKey.labelKind(label) };
    const { items, next } = await this.#table.query({ index: ledgerIndex.byKind, partition, limit, from });
    return { labels: items.map(toLabel), next };
  }
}

const toLabel = (item: Readonly<Record<string, unknown>>): Label => ({
  label: String(item.label),
  subscriber_id: String(item.subscriber_id),
  subscriber_no: Number(item.subscriber_no),
  labelled_at: String(item.labelled_at),
});

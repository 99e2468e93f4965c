import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { AwsCallError, type AwsJsonCall, type CallAws } from './aws-json.ts';
import type { LoadMany } from './document-cache.ts';

type Item = Record<string, AttributeValue>;

export interface LinksStoreOptions {
  readonly call: CallAws;
  readonly table: string;
  /** Region of the table or replica to read first. */
  readonly region: string;
  /** Region tried once where the first does not answer, or once more where it is the first; counters are written here only. */
  readonly homeRegion: string;
  /** Deadline of one read, ms. */
  readonly readMs: number;
}

/** How often keys that DynamoDB left unprocessed are asked for again before the read counts as failed. */
const UNPROCESSED_ROUNDS = 3;

/** Reads of the links table, and the one write the edge makes: counting taps of what has a cap. */
export class LinksStore {
  readonly #options: LinksStoreOptions;

  constructor(options: LinksStoreOptions) {
    this.#options = options;
  }

  /** Items by partition key; eventually consistent, which costs half. @throws AwsCallError where neither region answers */
  readonly loadMany: LoadMany = async (keys) => {
    const { region, homeRegion } = this.#options;
    try {
      return await this.#load(keys, region);
    } catch (error) {
      if (error instanceof AwsCallError && !error.retryable && region === homeRegion) throw error;
      return this.#load(keys, homeRegion);
    }
  };

  /** Adds one to a counter and returns its new value. @throws AwsCallError */
  async countTap(key: string, timeoutMs: number): Promise<number> {
    const answer = await this.#options.call({
      service: 'dynamodb',
      region: this.#options.homeRegion,
      target: 'DynamoDB_20120810.UpdateItem',
      version: '1.0',
      timeoutMs,
      body: {
        TableName: this.#options.table,
        Key: { pk: { S: key } },
        UpdateExpression: 'ADD taps :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
        ReturnValues: 'UPDATED_NEW',
      },
    });
    return Number(unmarshall(answer.Attributes as Item).taps);
  }

  async #load(keys: readonly string[], region: string): Promise<ReadonlyMap<string, unknown>> {
    const items = new Map<string, unknown>();
    let pending: readonly string[] = keys;
    for (let round = 0; pending.length > 0; round++) {
      if (round === UNPROCESSED_ROUNDS) throw new Error('DynamoDB leaves keys unprocessed');
      const answer = await this.#options.call(this.#batchGet(pending, region));
      for (const item of this.#itemsOf(answer)) items.set(String(item.pk), item);
      pending = this.#unprocessedOf(answer);
    }
    return items;
  }

  #batchGet(keys: readonly string[], region: string): AwsJsonCall {
    return {
      service: 'dynamodb',
      region,
      target: 'DynamoDB_20120810.BatchGetItem',
      version: '1.0',
      timeoutMs: this.#options.readMs,
      body: { RequestItems: { [this.#options.table]: { Keys: keys.map((key) => ({ pk: { S: key } })) } } },
    };
  }

  #itemsOf(answer: Record<string, unknown>): Record<string, unknown>[] {
    const responses = answer.Responses as Record<string, Item[]> | undefined;
    return (responses?.[this.#options.table] ?? []).map((item) => unmarshall(item));
  }

  #unprocessedOf(answer: Record<string, unknown>): string[] {
    const unprocessed = answer.UnprocessedKeys as Record<string, { Keys: Item[] }> | undefined;
    return (unprocessed?.[this.#options.table]?.Keys ?? []).map((key) => String(unmarshall(key).pk));
  }
}

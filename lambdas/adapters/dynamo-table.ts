import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { eachChunk } from './dynamo-batches.ts';
import { type Change, type Condition, conditional, projectionOf, updateOf } from './dynamo-expressions.ts';
import { Gathered } from './gathered.ts';

export type Item = Record<string, unknown> & { readonly pk: string };

export interface Page {
  readonly items: readonly Item[];
  /** Key to go on from, or null at the end. */
  readonly next: Readonly<Record<string, unknown>> | null;
}

export interface QueryInput {
  readonly index: string;
  readonly partition: { readonly name: string; readonly value: string };
  readonly limit: number;
  readonly from?: Readonly<Record<string, unknown>> | undefined;
  /** @default false: the smallest sort key first */
  readonly descending?: boolean;
}

/** A conditional write found that its condition does not hold: someone else was there first. */
export class ConditionFailedError extends Error {
  override readonly name = 'ConditionFailedError';
}

/** Whether a conditional write goes through; false where somebody else was there first. */
export async function goesThrough(write: Promise<void>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (!(error instanceof ConditionFailedError)) throw error;
    return false;
  }
}

/** What one call takes at most (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html). */
const MAX_GETS = 100;
const MAX_PUTS = 25;

type Items = ReadonlyMap<string, Item>;

/** One DynamoDB table whose only key is `pk`: single-item reads and conditional writes, no transactions. */
export class DynamoTable {
  readonly #client: DynamoDBDocumentClient;
  readonly #name: string;
  readonly #reads = new Gathered<readonly string[], Items>((asks) => this.#readTogether(asks));

  constructor(client: DynamoDBDocumentClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  /** A strongly consistent read; null where there is no item. Reads of the same moment share a call. */
  async get(pk: string): Promise<Item | null> {
    return (await this.#reads.ask([pk])).get(pk) ?? null;
  }

  /** @throws ConditionFailedError */
  async put(item: Item, condition?: Condition): Promise<void> {
    await orConditionFailed(
      this.#client.send(new PutCommand({ TableName: this.#name, Item: item, ...conditional(condition) })),
    );
  }

  /** @throws ConditionFailedError */
  async delete(pk: string, condition?: Condition): Promise<void> {
    await orConditionFailed(
      this.#client.send(new DeleteCommand({ TableName: this.#name, Key: { pk }, ...conditional(condition) })),
    );
  }

  /**
   * Changes some attributes of an item, made where it is missing, and returns the item as it is then.
   * @throws ConditionFailedError
   */
  async update(pk: string, change: Change, condition?: Condition): Promise<Item> {
    const answer = await orConditionFailed(
      this.#client.send(
        new UpdateCommand({
          TableName: this.#name,
          Key: { pk },
          ...updateOf(change, condition),
          ReturnValues: 'ALL_NEW',
        }),
      ),
    );
    return answer.Attributes as Item;
  }

  /**
   * Items by key, strongly consistent, one call for each 100; those that do not exist are missing.
   * @param attributes those to read beside the key @default all, in calls shared with other reads of the same moment
   * @throws TableBusyError
   */
  getMany(pks: readonly string[], attributes?: readonly string[]): Promise<Items> {
    return attributes ? this.#readMany(pks, projectionOf(['pk', ...attributes])) : this.#reads.ask(pks);
  }

  /** What all of them ask for at once. Where the table refuses a key each reads alone, so that it harms nobody else. */
  #readTogether(asks: readonly (readonly string[])[]): Promise<Items>[] {
    const read = this.#readMany(asks.flat());
    return asks.map(async (pks) => {
      try {
        return only(pks, await read);
      } catch (error) {
        if (asks.length === 1 || (error as Error).name !== 'ValidationException') throw error;
        return this.#readMany(pks);
      }
    });
  }

  async #readMany(pks: readonly string[], projection: object = {}): Promise<Items> {
    const [first, ...others] = new Set(pks);
    if (first !== undefined && others.length === 0) return this.#readOne(first, projection);
    const found = new Map<string, Item>();
    const keys = [...new Set(pks)].map((pk) => ({ pk }));
    await eachChunk(keys, MAX_GETS, async (chunk) => {
      const request = { [this.#name]: { Keys: [...chunk], ConsistentRead: true, ...projection } };
      const { Responses, UnprocessedKeys } = await this.#client.send(new BatchGetCommand({ RequestItems: request }));
      for (const item of (Responses?.[this.#name] ?? []) as Item[]) found.set(item.pk, item);
      return (UnprocessedKeys?.[this.#name]?.Keys ?? []) as { pk: string }[];
    });
    return found;
  }

  async #readOne(pk: string, projection: object): Promise<Items> {
    const request = { TableName: this.#name, Key: { pk }, ConsistentRead: true, ...projection };
    const { Item } = await this.#client.send(new GetCommand(request));
    return new Map(Item ? [[pk, Item as Item]] : []);
  }

  /**
   * Writes items whatever was there before, 25 a call, without conditions.
   * @param before runs ahead of every call; what it throws ends the writing @default nothing
   * @throws TableBusyError
   */
  async putMany(items: readonly Item[], before?: () => void): Promise<void> {
    const writes = items.map((Item) => ({ PutRequest: { Item } }));
    await eachChunk(writes, MAX_PUTS, async (chunk) => {
      before?.();
      const request = { [this.#name]: [...chunk] };
      const { UnprocessedItems } = await this.#client.send(new BatchWriteCommand({ RequestItems: request }));
      return (UnprocessedItems?.[this.#name] ?? []) as typeof writes;
    });
  }

  /** Adds to a number and returns the sum; a missing one counts as `start`. */
  async increment(pk: string, attribute: string, start: number, by = 1): Promise<number> {
    const answer = await this.#client.send(
      new UpdateCommand({
        TableName: this.#name,
        Key: { pk },
        UpdateExpression: 'SET #n = if_not_exists(#n, :start) + :one',
        ExpressionAttributeNames: { '#n': attribute },
        ExpressionAttributeValues: { ':start': start, ':one': by },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Number(answer.Attributes?.[attribute]);
  }

  /** One page of an index, in the order of its sort key. */
  async query({ index, partition, limit, from, descending = false }: QueryInput): Promise<Page> {
    const answer = await this.#client.send(
      new QueryCommand({
        TableName: this.#name,
        IndexName: index,
        KeyConditionExpression: '#p = :p',
        ExpressionAttributeNames: { '#p': partition.name },
        ExpressionAttributeValues: { ':p': partition.value },
        Limit: limit,
        ScanIndexForward: !descending,
        ...(from && { ExclusiveStartKey: { ...from } }),
      }),
    );
    return { items: (answer.Items ?? []) as Item[], next: answer.LastEvaluatedKey ?? null };
  }

  /** Pages of a query to its end, each read as it is asked for; `limit` is that of one page. */
  async *pages(input: Omit<QueryInput, 'from'>): AsyncGenerator<Page['items']> {
    for (let from: Page['next'] | undefined; from !== null; ) {
      const page: Page = await this.query({ ...input, from });
      yield page.items;
      from = page.next;
    }
  }
}

async function orConditionFailed<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException)
      throw new ConditionFailedError('the condition of a write does not hold');
    throw error;
  }
}

function only(pks: readonly string[], items: Items): Items {
  const own = pks.flatMap((pk) => {
    const item = items.get(pk);
    return item ? [[pk, item] as const] : [];
  });
  return new Map(own);
}

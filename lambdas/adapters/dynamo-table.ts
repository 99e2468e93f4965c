import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';

export type Item = Record<string, unknown> & { readonly pk: string };

/** A condition on a write: the expression, and the values and names it uses. */
export interface Condition {
  readonly expression: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly names?: Readonly<Record<string, string>>;
}

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
}

/** A conditional write found that its condition does not hold: someone else was there first. */
export class ConditionFailedError extends Error {
  override readonly name = 'ConditionFailedError';
}

/** One DynamoDB table whose only key is `pk`: single-item reads and conditional writes, no transactions. */
export class DynamoTable {
  readonly #client: DynamoDBDocumentClient;
  readonly #name: string;

  constructor(client: DynamoDBDocumentClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  /** A strongly consistent read; null where there is no item. */
  async get(pk: string): Promise<Item | null> {
    const answer = await this.#client.send(
      new GetCommand({ TableName: this.#name, Key: { pk }, ConsistentRead: true }),
    );
    return (answer.Item as Item | undefined) ?? null;
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

  /** Adds to a number and returns the sum; a missing one counts as `start`. */
  async increment(pk: string, attribute: string, start: number): Promise<number> {
    const answer = await this.#client.send(
      new UpdateCommand({
        TableName: this.#name,
        Key: { pk },
        UpdateExpression: 'SET #n = if_not_exists(#n, :start) + :one',
        ExpressionAttributeNames: { '#n': attribute },
        ExpressionAttributeValues: { ':start': start, ':one': 1 },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Number(answer.Attributes?.[attribute]);
  }

  /** One page of an index, in the order of its sort key. */
  async query({ index, partition, limit, from }: QueryInput): Promise<Page> {
    const answer = await this.#client.send(
      new QueryCommand({
        TableName: this.#name,
        IndexName: index,
        KeyConditionExpression: '#p = :p',
        ExpressionAttributeNames: { '#p': partition.name },
        ExpressionAttributeValues: { ':p': partition.value },
        Limit: limit,
        ...(from && { ExclusiveStartKey: { ...from } }),
      }),
    );
    return { items: (answer.Items ?? []) as Item[], next: answer.LastEvaluatedKey ?? null };
  }
}

function conditional(condition: Condition | undefined) {
  if (!condition) return {};
  return {
    ConditionExpression: condition.expression,
    ...(condition.values && { ExpressionAttributeValues: { ...condition.values } }),
    ...(condition.names && { ExpressionAttributeNames: { ...condition.names } }),
  };
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

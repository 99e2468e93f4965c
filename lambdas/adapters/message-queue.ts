import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { batchesOf } from './batches.ts';
import { Gathered } from './gathered.ts';

export interface MessageQueueOptions {
  readonly client: SQSClient;
  readonly url: string;
}

/** What one call takes at most (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html). */
const LIMITS = { count: 10, bytes: 1_048_576 };

/** The queue took the other messages of a call, and not this one. */
export class MessageRefusedError extends Error {
  override readonly name = 'MessageRefusedError';
}

/** A queue that takes JSON. */
export class MessageQueue {
  readonly #options: MessageQueueOptions;
  readonly #messages = new Gathered<string, void>((texts) => this.#sendAll(texts));

  constructor(options: MessageQueueOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the queue has the message; it comes out at least once. Messages of the same moment share a call.
   * @throws the client's error where it was not taken, or MessageRefusedError
   */
  send(message: object): Promise<void> {
    return this.#messages.ask(JSON.stringify(message));
  }

  #sendAll(texts: readonly string[]): Promise<void>[] {
    return batchesOf(texts, Buffer.byteLength, LIMITS).flatMap((batch) => {
      const [only = ''] = batch;
      if (batch.length === 1) return [this.#sendOne(only)];
      const refusals = this.#sendBatch(batch);
      return batch.map(async (_, at) => {
        const refusal = (await refusals).get(String(at));
        if (refusal) throw new MessageRefusedError(refusal.Code);
      });
    });
  }

  async #sendOne(text: string): Promise<void> {
    const { client, url } = this.#options;
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: text }));
  }

  /** Messages that were not taken, by their place. */
  async #sendBatch(texts: readonly string[]): Promise<ReadonlyMap<string | undefined, BatchResultErrorEntry>> {
    const { client, url } = this.#options;
    const entries = texts.map((MessageBody, at) => ({ Id: String(at), MessageBody }));
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }));
    return new Map(Failed.map((refusal) => [refusal.Id, refusal]));
  }
}

import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Queue, QueuedMessage } from './engines/queue.ts';
import { localNames } from './names.ts';

export interface ConsumerOptions {
  readonly queue: Queue;
  readonly handle: (event: SQSEvent) => Promise<SQSBatchResponse>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told when a batch failed as a whole; its messages come again. */
  readonly onError: (error: unknown) => void;
}

const BATCH = 10;
/** Batches under way at a time. */
const AT_ONCE = 4;
const IDLE_MS = 50;
/** How long a message that failed waits for its next turn, ms, the first time; then twice as long each time. */
const RETRY_MS = 500;

/** What Lambda does for a queue: hands batches to a function and takes out what it finished. */
export class QueueConsumer {
  readonly #options: ConsumerOptions;
  readonly #under = new Set<Promise<void>>();
  #stopped = false;

  constructor(options: ConsumerOptions) {
    this.#options = options;
    void this.#poll();
  }

  /** Works until no message is left that can be worked on now. */
  async drain(): Promise<void> {
    while (!this.#stopped) {
      const messages = this.#options.queue.receive(BATCH);
      if (messages.length === 0 && this.#under.size === 0) return;
      if (messages.length > 0) await this.#work(messages);
      else await Promise.race(this.#under);
    }
  }

  /** Takes no more messages and waits for those under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#under);
  }

  async #poll(): Promise<void> {
    while (!this.#stopped) {
      const messages = this.#under.size < AT_ONCE ? this.#options.queue.receive(BATCH) : [];
      if (messages.length > 0) this.#start(messages);
      else await new Promise<void>((resolve) => setTimeout(resolve, IDLE_MS).unref());
    }
  }

  #start(messages: readonly QueuedMessage[]): void {
    const working = this.#work(messages).finally(() => this.#under.delete(working));
    this.#under.add(working);
  }

  async #work(messages: readonly QueuedMessage[]): Promise<void> {
    const { queue, handle, onError } = this.#options;
    const failed = await handle({ Records: messages.map(toRecord) })
      .then(({ batchItemFailures }) => new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)))
      .catch((error: unknown) => {
        onError(error);
        return new Set(messages.map(({ id }) => id));
      });
    queue.delete(messages.filter(({ id }) => !failed.has(id)).map(({ id }) => id));
    for (const { id, receiveCount } of messages.filter((message) => failed.has(message.id)))
      queue.release([id], this.#options.now() + RETRY_MS * 2 ** (receiveCount - 1));
  }
}

function toRecord({ id, body, receiveCount, sentAt }: QueuedMessage): SQSRecord {
  return {
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(sentAt),
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: String(sentAt),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${localNames.region}:000000000000:onehop-local-postbacks`,
    awsRegion: localNames.region,
  };
}

import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export interface MessageQueueOptions {
  readonly client: SQSClient;
  readonly url: string;
}

/** A queue that takes JSON. */
export class MessageQueue {
  readonly #options: MessageQueueOptions;

  constructor(options: MessageQueueOptions) {
    this.#options = options;
  }

  /** Resolves when the queue has the message; it comes out at least once. @throws the client's error where it was not taken */
  async send(message: object): Promise<void> {
    const { client, url } = this.#options;
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(message) }));
  }
}

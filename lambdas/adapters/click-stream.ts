import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { TapRecord } from '../contract/clicks.ts';

/** Most records one call takes, and a size safely under the 4 MiB it takes (https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html). */
const MAX_RECORDS = 500;
const MAX_BYTES = 3_500_000;
const ATTEMPTS = 6;

export interface ClickStreamOptions {
  readonly client: FirehoseClient;
  readonly stream: string;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Puts clicks into a stream in batches, sending again those that were not taken. */
export class ClickStream {
  readonly #options: ClickStreamOptions;
  #batch: Uint8Array[] = [];
  #bytes = 0;

  constructor(options: ClickStreamOptions) {
    this.#options = options;
  }

  /** @throws Error where a batch is not taken after several attempts */
  async add(tap: TapRecord): Promise<void> {
    const data = Buffer.from(`${JSON.stringify(tap)}\n`);
    if (this.#batch.length === MAX_RECORDS || this.#bytes + data.length > MAX_BYTES) await this.flush();
    this.#batch.push(data);
    this.#bytes += data.length;
  }

  /** Sends what has gathered. @throws Error where it is not taken after several attempts */
  async flush(): Promise<void> {
    let pending = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    for (let attempt = 1; pending.length > 0; attempt++) {
      pending = await this.#send(pending);
      if (pending.length > 0 && attempt === ATTEMPTS)
        throw new Error(`the stream did not take ${pending.length} clicks`);
      if (pending.length > 0) await this.#options.sleep(100 * 2 ** attempt);
    }
  }

  /** The records that were not taken. */
  async #send(batch: Uint8Array[]): Promise<Uint8Array[]> {
    const { client, stream } = this.#options;
    const answer = await client.send(
      new PutRecordBatchCommand({ DeliveryStreamName: stream, Records: batch.map((Data) => ({ Data })) }),
    );
    return batch.filter((_, at) => answer.RequestResponses?.[at]?.ErrorCode);
  }
}

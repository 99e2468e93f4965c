import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { type EventRecord, type EventTable, eventStreamName } from '../contract/lake.ts';

/** Most records one call takes, and a size safely under the 4 MiB it takes (https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html). */
const MAX_RECORDS = 500;
const MAX_BYTES = 3_500_000;
const ATTEMPTS = 6;
/** Calls under way at a time: more would only be throttled. */
const AT_ONCE = 4;

/** A stream did not take all records after several attempts; the caller may send all of them again, for rows are told apart by their keys. */
export class StreamBusyError extends Error {
  override readonly name = 'ServiceUnavailableException';
}

export interface EventStreamsOptions {
  readonly client: FirehoseClient;
  /** Base of the streams' names. */
  readonly base: string;
  readonly sleep: (ms: number) => Promise<void>;
  /** How often rows are sent before they count as refused. @default 6 */
  readonly attempts?: number;
}

/** Puts rows into the lake through the event streams. */
export class EventStreams {
  readonly #options: EventStreamsOptions;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when every row is with the stream, which keeps it until it is in the lake. Delivery is at least once.
   * @throws StreamBusyError where the stream does not take them
   */
  async put<T extends EventTable>(table: T, rows: readonly EventRecord<T>[]): Promise<void> {
    const batches = batchesOf(rows.map((row) => Buffer.from(`${JSON.stringify(row)}\n`)));
    const worker = async () => {
      for (let batch = batches.pop(); batch; batch = batches.pop()) await this.#putBatch(table, batch);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  async #putBatch(table: EventTable, batch: readonly Uint8Array[]): Promise<void> {
    let pending = batch;
    for (let attempt = 1; pending.length > 0; attempt++) {
      pending = await this.#send(table, pending);
      if (pending.length > 0 && attempt === (this.#options.attempts ?? ATTEMPTS))
        throw new StreamBusyError(`the stream of ${table} did not take ${pending.length} rows`);
      if (pending.length > 0) await this.#options.sleep(50 * 2 ** attempt);
    }
  }

  /** The records that were not taken. */
  async #send(table: EventTable, batch: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    const { client, base } = this.#options;
    const answer = await client.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: eventStreamName(base, table),
        Records: batch.map((Data) => ({ Data })),
      }),
    );
    return answer.FailedPutCount ? batch.filter((_, at) => answer.RequestResponses?.[at]?.ErrorCode) : [];
  }
}

function batchesOf(records: readonly Uint8Array[]): Uint8Array[][] {
  const batches: Uint8Array[][] = [];
  let bytes = MAX_BYTES;
  for (const record of records) {
    const last = batches.at(-1);
    if (!last || last.length === MAX_RECORDS || bytes + record.length > MAX_BYTES) {
      batches.push([record]);
      bytes = record.length;
    } else {
      last.push(record);
      bytes += record.length;
    }
  }
  return batches;
}

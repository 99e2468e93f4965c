import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { type EventRecord, type EventTable, eventStreamName } from '../contract/lake.ts';
import { batchesOf } from './batches.ts';
import { Gathered } from './gathered.ts';

/** Most records one call takes, and a size safely under the 4 MiB it takes (https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html). */
const LIMITS = { count: 500, bytes: 3_500_000 };
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

interface Rows {
  readonly table: EventTable;
  readonly records: readonly Uint8Array[];
}

/** Puts rows into the lake through the event streams. */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #rows = new Gathered<Rows, void>((all) => this.#putAll(all));

  constructor(options: EventStreamsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when every row is with the stream, which keeps it until it is in the lake. Delivery is at least once. Rows of the same
   * moment share calls.
   * @throws StreamBusyError where the stream does not take them
   */
  put<T extends EventTable>(table: T, rows: readonly EventRecord<T>[]): Promise<void> {
    return this.#rows.ask({ table, records: rows.map((row) => Buffer.from(`${JSON.stringify(row)}\n`)) });
  }

  #putAll(all: readonly Rows[]): Promise<void>[] {
    const byTable = Map.groupBy(all, ({ table }) => table);
    const put = new Map([...byTable].map(([table, those]) => [table, this.#putRows(table, those)]));
    return all.map(({ table }) => put.get(table) ?? Promise.resolve());
  }

  async #putRows(table: EventTable, rows: readonly Rows[]): Promise<void> {
    const records = rows.flatMap(({ records }) => records);
    const batches = batchesOf(records, ({ length }) => length, LIMITS);
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

import { randomUUID } from 'node:crypto';
import { type AwsCall, AwsServiceError, parseBody } from './aws-json.ts';
import type { Spool } from './spool.ts';

/** Limits of Firehose (https://docs.aws.amazon.com/firehose/latest/dev/limits.html). */
const MAX_RECORD_BYTES = 1_000 * 1_024;
const MAX_BATCH_RECORDS = 500;
const MAX_BATCH_BYTES = 4 * 1_024 * 1_024;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

interface Waiting {
  readonly spool: Spool;
  readonly lines: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface FirehoseOptions {
  /** The write-ahead log of a stream, by the stream's name. */
  readonly spoolOf: (stream: string) => Spool | undefined;
  /** Epoch milliseconds; tells when a record arrived. */
  readonly now: () => number;
}

/** Firehose's PutRecord and PutRecordBatch: a record is in the write-ahead log before it is acknowledged. */
export class Firehose {
  readonly #options: FirehoseOptions;
  #waiting: Waiting[] = [];

  constructor(options: FirehoseOptions) {
    this.#options = options;
  }

  /** Runs one call of the protocol. @throws AwsServiceError */
  readonly serve = async ({ operation, body }: AwsCall): Promise<object> => {
    const input = parseBody(body);
    const spool = this.#options.spoolOf(String(input.DeliveryStreamName));
    if (!spool)
      throw new AwsServiceError('ResourceNotFoundException', `no stream is called ${input.DeliveryStreamName}`);
    if (operation === 'PutRecord') return this.#putRecord(input, spool);
    if (operation === 'PutRecordBatch') return this.#putRecordBatch(input, spool);
    throw new AwsServiceError('UnknownOperationException', `${operation} is not known here`);
  };

  async #putRecord({ Record: record }: Record<string, unknown>, spool: Spool): Promise<object> {
    await this.#store(spool, [dataOf(record)]);
    return { RecordId: newRecordId(), Encrypted: false };
  }

  async #putRecordBatch({ Records: records }: Record<string, unknown>, spool: Spool): Promise<object> {
    if (!Array.isArray(records) || records.length === 0 || records.length > MAX_BATCH_RECORDS)
      throw invalid(`a batch has 1 to ${MAX_BATCH_RECORDS} records`);
    const data = records.map(dataOf);
    if (data.reduce((sum, text) => sum + bytesOf(text), 0) > MAX_BATCH_BYTES)
      throw invalid(`a batch has at most ${MAX_BATCH_BYTES} bytes`);
    await this.#store(spool, data);
    return { FailedPutCount: 0, Encrypted: false, RequestResponses: data.map(() => ({ RecordId: newRecordId() })) };
  }

  /** Calls that arrive in one turn of the event loop share one write. */
  #store(spool: Spool, data: readonly string[]): Promise<void> {
    const arrived = this.#options.now();
    const lines = data.map((text) => `${arrived} ${text}\n`).join('');
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#write());
      this.#waiting.push({ spool, lines, resolve, reject });
    });
  }

  #write(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const [spool, calls] of Map.groupBy(waiting, (call) => call.spool)) writeTo(spool, calls);
  }
}

function writeTo(spool: Spool, calls: readonly Waiting[]): void {
  try {
    spool.append(calls.map(({ lines }) => lines).join(''));
    for (const { resolve } of calls) resolve();
  } catch (error) {
    for (const { reject } of calls) reject(error);
  }
}

function dataOf(record: unknown): string {
  const data = (record as { Data?: unknown } | null | undefined)?.Data;
  if (typeof data !== 'string' || data === '' || data.length % 4 !== 0 || !BASE64.test(data))
    throw invalid('Data must be base64');
  if (bytesOf(data) > MAX_RECORD_BYTES) throw invalid(`a record has at most ${MAX_RECORD_BYTES} bytes`);
  return data;
}

const bytesOf = (base64: string) => Math.floor((base64.length * 3) / 4);
const invalid = (message: string) => new AwsServiceError('InvalidArgumentException', message);

const newRecordId = () => randomUUID();

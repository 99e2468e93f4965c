import { setTimeout } from 'node:timers/promises';
import { Clock } from '../clock.ts';
import { type DataFolder, ensureKeys } from '../data-folder.ts';
import { type Fault, Faults, type FaultTarget, withFaults } from '../faults.ts';
import { awsJsonListener, type Listening, listenWith } from './aws-json.ts';
import { compact } from './compaction.ts';
import { Delivery } from './delivery.ts';
import { startDynamoDb } from './dynamodb.ts';
import { Firehose } from './firehose.ts';
import { localQueue } from './local-queue.ts';
import { ParquetWriter } from './parquet.ts';
import { secretsService } from './secrets.ts';
import { Spools } from './spools.ts';

export interface EnginesOptions {
  readonly folder: DataFolder;
  /** Shared state of the system's clock. */
  readonly clock: SharedArrayBuffer;
  /** How often what is buffered goes to the lake, ms. */
  readonly flushMs: number;
  /** Told when a delivery failed; it is tried again with the next flush. */
  readonly onError: (error: unknown) => void;
}

export interface Endpoints {
  readonly dynamodb: string;
  readonly firehose: string;
  readonly secretsmanager: string;
  readonly sqs: string;
}

/** The services that AWS would be: DynamoDB, Firehose with its delivery, Secrets Manager. */
export class Engines {
  readonly endpoints: Endpoints;
  readonly #listening: readonly Listening[];
  readonly #faults: Faults;
  readonly #flush: () => Promise<number>;
  readonly #stop = new AbortController();
  readonly #parquet: ParquetWriter;

  private constructor(
    listening: Readonly<Record<keyof Endpoints, Listening>>,
    faults: Faults,
    parquet: ParquetWriter,
    flush: () => Promise<number>,
    { flushMs, onError }: EnginesOptions,
  ) {
    const { dynamodb, firehose, secretsmanager, sqs } = listening;
    this.endpoints = {
      dynamodb: dynamodb.endpoint,
      firehose: firehose.endpoint,
      secretsmanager: secretsmanager.endpoint,
      sqs: sqs.endpoint,
    };
    this.#listening = Object.values(listening);
    this.#faults = faults;
    this.#parquet = parquet;
    this.#flush = flush;
    void this.#flushRegularly(flushMs, onError);
  }

  static async start(options: EnginesOptions): Promise<Engines> {
    const { folder } = options;
    const faults = new Faults();
    ensureKeys(folder.keysFile);
    const spools = new Spools(folder);
    const { now } = new Clock(options.clock);
    const streams = new Firehose({ spoolOf: spools.of, now });
    const parquet = await ParquetWriter.open(folder.lake, folder.temporary);
    const delivery = new Delivery(folder, parquet);
    const listening = {
      dynamodb: await startDynamoDb(folder.dynamodb, faults),
      firehose: await listenWith(withFaults('firehose', faults, awsJsonListener(streams.serve))),
      secretsmanager: await listenWith(withFaults('secrets', faults, awsJsonListener(secretsService(folder.keysFile)))),
      sqs: await listenWith(withFaults('queue', faults, awsJsonListener(localQueue(folder).serve))),
    };
    return new Engines(
      listening,
      faults,
      parquet,
      oneAfterTheOther(() => deliver(spools, delivery, folder, parquet)),
      options,
    );
  }

  /** Delivers everything that has been acknowledged so far. @returns how many records it took */
  flush(): Promise<number> {
    return this.#flush();
  }

  setFault(target: FaultTarget, fault: Fault): void {
    this.#faults.set(target, fault);
  }

  /** Takes no more calls, then delivers what is left. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#listening.map((each) => each.close()));
    await this.#flush();
    this.#parquet.close();
  }

  async #flushRegularly(everyMs: number, onError: EnginesOptions['onError']): Promise<void> {
    const { signal } = this.#stop;
    while (await setTimeout(everyMs, true, { signal }).catch(() => false)) await this.#flush().catch(onError);
  }
}

async function deliver(
  spools: Spools,
  delivery: Delivery,
  folder: DataFolder,
  parquet: ParquetWriter,
): Promise<number> {
  spools.rotate();
  const records = await delivery.run();
  if (records > 0) await compact(folder.lake, parquet);
  return records;
}

/** Runs calls in the order they came, never two at once. */
function oneAfterTheOther<T>(run: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(run, run);
    last = next;
    return next;
  };
}

import type { TapRecord } from '../../contract/clicks.ts';
import { clickStreamName } from '../../contract/edge-config.ts';
import { AwsCallError, type CallAws } from './aws-json.ts';

export interface ClickDeliveryOptions {
  readonly call: CallAws;
  readonly streamBase: string;
  readonly streamShards: Readonly<Record<string, number>>;
  /** Region of the stream to try first. */
  readonly region: string;
  readonly homeRegion: string;
  /** Deadline where a connection has lately carried a click, ms. */
  readonly putMs: number;
  /** Deadline otherwise: the connection may have to be opened, ms. */
  readonly firstPutMs: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly monotonic: () => number;
  /** Takes one line, without its line end; where a click goes that no stream took. */
  readonly log: (line: string) => void;
}

interface Stream {
  readonly region: string;
  readonly shard: number;
}

/** The log line of a click that no stream took: the whole record, and why. `npx onehop replay` takes it back in. */
export type UnstoredClick = TapRecord & { readonly log: 'click_not_stored'; readonly error: string };

/** A connection that carried nothing for this long may have been closed by the other side, ms. */
const IDLE_MS = 30_000;
/** Less than this is no time for a second attempt, ms. */
const WORTH_TRYING_MS = 20;

/** Hands clicks to Firehose under a deadline; a click that cannot be handed over is written to the log, whole. */
export class ClickDelivery {
  readonly #options: ClickDeliveryOptions;
  #lastSuccess = Number.NEGATIVE_INFINITY;

  constructor(options: ClickDeliveryOptions) {
    this.#options = options;
  }

  /** Delivers one click; never rejects. Resolves to true where a stream took it. */
  async deliver(record: TapRecord): Promise<boolean> {
    const { monotonic, putMs, firstPutMs } = this.#options;
    const began = monotonic();
    const deadline = began - this.#lastSuccess < IDLE_MS ? putMs : firstPutMs;
    const [first, second] = this.#streams(record.nonce);
    try {
      await this.#put(first, record, deadline).catch((error: unknown) => {
        const left = deadline - (monotonic() - began);
        // A stream that is slow gets the whole deadline: far away, a second attempt would only be later still.
        if (left < WORTH_TRYING_MS) throw error;
        return this.#put(second, record, left);
      });
      this.#lastSuccess = monotonic();
      return true;
    } catch (error) {
      // The connection that failed is gone; the next delivery opens one.
      this.#lastSuccess = Number.NEGATIVE_INFINITY;
      this.#logUnstored(record, error);
      return false;
    }
  }

  async #put({ region, shard }: Stream, record: TapRecord, timeoutMs: number): Promise<void> {
    const data = Buffer.from(`${JSON.stringify(record)}\n`).toString('base64');
    await this.#options.call({
      service: 'firehose',
      region,
      target: 'Firehose_20150804.PutRecord',
      version: '1.1',
      timeoutMs: Math.max(1, timeoutMs),
      body: { DeliveryStreamName: clickStreamName(this.#options.streamBase, shard), Record: { Data: data } },
    });
  }

  /** The stream to try, and the one to try next: the next shard of the region, else the home region, else the same again. */
  #streams(nonce: number): readonly [Stream, Stream] {
    const { region, homeRegion, streamShards } = this.#options;
    const shards = streamShards[region] ?? 1;
    const shard = nonce % shards;
    const isElsewhere = shards === 1 && region !== homeRegion;
    const second = isElsewhere
      ? { region: homeRegion, shard: nonce % (streamShards[homeRegion] ?? 1) }
      : { region, shard: (shard + 1) % shards };
    return [{ region, shard }, second];
  }

  #logUnstored(record: TapRecord, error: unknown): void {
    const code = error instanceof AwsCallError ? error.code : 'unknown';
    const line: UnstoredClick = { ...record, log: 'click_not_stored', error: code };
    this.#options.log(JSON.stringify(line));
  }
}

import { eventStreamName, eventTables, smsEventStreamName } from '../../lambdas/contract/lake.ts';
import { type DataFolder, eventSpool, smsEventSpool } from '../data-folder.ts';
import { localNames } from '../names.ts';
import { recoverSegments, Spool } from './spool.ts';

/** Streams of clicks: however many shards a caller asks for, they share one log. */
const CLICKS = new RegExp(`^${localNames.streamBase}-\\d{1,3}$`);

/** The write-ahead logs of all streams. */
export class Spools {
  readonly #clicks: Spool;
  readonly #events: ReadonlyMap<string, Spool>;

  /** Makes what a crash left behind ready for delivery. */
  constructor(folder: DataFolder) {
    recoverSegments(folder.accessLogSpool);
    this.#clicks = opened(folder.clicksSpool);
    const base = localNames.eventStreamBase;
    this.#events = new Map([
      ...eventTables.map((table) => [eventStreamName(base, table), opened(eventSpool(folder, table))] as const),
      [smsEventStreamName(base), opened(smsEventSpool(folder))],
    ]);
  }

  /** The log of a stream, by the stream's name. */
  readonly of = (stream: string): Spool | undefined => (CLICKS.test(stream) ? this.#clicks : this.#events.get(stream));

  /** Closes what is being written, so that it can be delivered. */
  rotate(): void {
    for (const spool of [this.#clicks, ...this.#events.values()]) spool.rotate();
  }
}

function opened(folder: string): Spool {
  recoverSegments(folder);
  return new Spool(folder);
}

import type { Writable } from 'node:stream';

const BAR_WIDTH = 24;
/** A pipe gets a line now and then instead of one that is drawn over. */
const PLAIN_EVERY_MS = 10_000;
const DRAWN_EVERY_MS = 200;

/** Tells on standard error how far a long command is: a bar on a terminal, a line every ten seconds elsewhere. */
export class ProgressLine {
  readonly #stream: Writable & { readonly isTTY?: boolean };
  readonly #now: () => number;
  readonly #began: number;
  readonly #total: number | null;
  readonly #from: number;
  #toldAt: number;

  /**
   * @param total bytes of the list, null where unknown
   * @param from bytes that were done before this run
   */
  constructor(stream: Writable & { readonly isTTY?: boolean }, now: () => number, total: number | null, from = 0) {
    this.#stream = stream;
    this.#now = now;
    this.#began = now();
    this.#toldAt = this.#began;
    this.#total = total;
    this.#from = from;
  }

  /** Tells it where enough time has gone by. */
  tell(bytes: number, rows: number): void {
    const now = this.#now();
    if (now - this.#toldAt < (this.#stream.isTTY ? DRAWN_EVERY_MS : PLAIN_EVERY_MS)) return;
    this.#toldAt = now;
    const text = this.#text(bytes, rows, now);
    this.#stream.write(this.#stream.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
  }

  /** Takes the bar off the terminal. */
  clear(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[K');
  }

  #text(bytes: number, rows: number, now: number): string {
    const seconds = Math.max(0.001, (now - this.#began) / 1_000);
    const speed = `${rows.toLocaleString('en')} rows, ${Math.round(rows / seconds).toLocaleString('en')}/s`;
    if (!this.#total) return speed;
    const share = Math.min(1, bytes / this.#total);
    const left = (this.#total - bytes) / Math.max(1, (bytes - this.#from) / seconds);
    const bar = '#'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '.');
    return `[${bar}] ${Math.floor(share * 100)} %  ${speed}, about ${duration(left)} left`;
  }
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

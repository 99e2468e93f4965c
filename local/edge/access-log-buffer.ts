import type { Spool } from '../engines/spool.ts';
import type { AccessLogRow } from './access-log.ts';

/** Rows held at most before they are written. */
const MAX_ROWS = 2_000;

/** Gathers rows of the access log, so that a redirect does not wait for the disk; best effort, as CloudFront's own. */
export class AccessLogBuffer {
  readonly #spool: Spool;
  readonly #timer: NodeJS.Timeout;
  #rows: AccessLogRow[] = [];

  /** @param everyMs how often rows are passed on */
  constructor(spool: Spool, everyMs: number) {
    this.#spool = spool;
    this.#timer = setInterval(() => this.passOn(), everyMs);
    this.#timer.unref();
  }

  readonly add = (row: AccessLogRow): void => {
    this.#rows.push(row);
    if (this.#rows.length >= MAX_ROWS) this.#write();
  };

  /** Makes everything logged so far ready for the lake. */
  passOn(): void {
    this.#write();
    this.#spool.rotate();
  }

  close(): void {
    clearInterval(this.#timer);
    this.passOn();
  }

  #write(): void {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length > 0) this.#spool.append(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
}

/** What a person asks of the clock: stand at a time, move on, or tell the real time again. */
export type ClockCommand =
  | { readonly now: string | number }
  | { readonly advance_ms: number }
  | { readonly real: true };

/** A command that would take a set clock back, or names no time. */
export class ClockError extends Error {
  override readonly name = 'ClockError';
}

const OFFSET = 0;
const STANDS_AT = 1;
const LATEST = Date.UTC(2100, 0, 1);

/**
 * The one clock of the local system. Its state lies in shared memory, so that every thread tells the same time.
 * Real until it is set; set to a time it stands still there and from then on only goes forward.
 */
export class Clock {
  /** Hand this to another thread's clock. */
  readonly shared: SharedArrayBuffer;
  readonly #state: Float64Array;
  readonly #realNow: () => number;

  constructor(shared?: SharedArrayBuffer, realNow: () => number = Date.now) {
    this.shared = shared ?? new SharedArrayBuffer(16);
    this.#state = new Float64Array(this.shared);
    this.#realNow = realNow;
    if (!shared) this.#state[STANDS_AT] = Number.NaN;
  }

  /** Epoch milliseconds. */
  readonly now = (): number => {
    const standsAt = this.#state[STANDS_AT] as number;
    return Number.isNaN(standsAt) ? this.#realNow() + (this.#state[OFFSET] as number) : standsAt;
  };

  /** True where it stands still. */
  get stands(): boolean {
    return !Number.isNaN(this.#state[STANDS_AT]);
  }

  /** Obeys a command and tells the time it is then. @throws ClockError */
  set(command: ClockCommand): number {
    if ('real' in command) this.#real();
    else if ('now' in command) this.#standAt(timeOf(command.now));
    else this.#advance(command.advance_ms);
    return this.now();
  }

  #real(): void {
    this.#state[OFFSET] = 0;
    this.#state[STANDS_AT] = Number.NaN;
  }

  #standAt(time: number): void {
    if (this.stands && time < this.now())
      throw new ClockError(
        `the clock stands at ${new Date(this.now()).toISOString()} and only goes forward; {"real": true} lets it go`,
      );
    this.#state[STANDS_AT] = time;
  }

  /** A clock that stands is moved; one that runs goes on running, ahead of the real time. */
  #advance(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0 || this.now() + ms > LATEST)
      throw new ClockError('advance_ms must be a number of milliseconds, not negative, that ends before 2100');
    if (this.stands) this.#state[STANDS_AT] = this.now() + Math.round(ms);
    else this.#state[OFFSET] = (this.#state[OFFSET] as number) + Math.round(ms);
  }
}

function timeOf(value: string | number): number {
  const time = typeof value === 'number' ? value : Date.parse(value);
  if (!Number.isInteger(time) || time < 0 || time > LATEST)
    throw new ClockError('now must be an RFC 3339 time or epoch milliseconds between 1970 and 2100');
  return time;
}

import { ledgerKey, subscriberSlot } from '../contract/keys.ts';
import type { DynamoTable, Item } from './dynamo-table.ts';
import { Lease, LeaseError, type LeaseGlance } from './lease.ts';

/** How long to wait for the lease, ms: others hold it for seconds, and a client does better to come again than to be cut off. */
const WAIT_MS = 12_000;
/** Turns of this process whose numbers are remembered. */
const REMEMBERED_TURNS = 8;
/** Ids on a page of the directory. */
const PAGE_SIZE = 256;

type Numbers = ReadonlyMap<string, number>;

export interface AdmissionOptions {
  /** The ledger. */
  readonly table: DynamoTable;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Waits, ms. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly randomBytes: (size: number) => Buffer;
  /** Numbers of those who have one by now. */
  readonly read: (ids: readonly string[]) => Promise<Numbers>;
}

/**
 * Gives numbers to new subscribers, one process at a time, in plain batches: single conditional puts would take eight
 * times as long. Pages go first, subscribers last: whoever has a number can be found by it.
 */
export class SubscriberAdmission {
  readonly #options: AdmissionOptions;
  /** Numbers that this process gave, by the turn of the lease. */
  readonly #given = new Map<number, Numbers>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** The lease as it stands; to be looked at before one looks for those to be admitted. */
  async glance(): Promise<LeaseGlance> {
    return Lease.glance(this.#lease);
  }

  /**
   * New numbers of those of them to whom nobody gave one since they were looked for.
   * @param marks identities of each, kept with the subscriber
   * @param glance the lease as it was before they were looked for
   * @param until epoch milliseconds after which nothing is written any more
   * @throws LeaseError
   */
  async admit(
    ids: readonly string[],
    marks: ReadonlyMap<string, ReadonlySet<string>>,
    glance: LeaseGlance,
    until: number,
  ): Promise<Numbers> {
    // One after the other within a process, so that its own requests do not have to wait by chance.
    const mine = this.#queue.then(() => this.#admitAlone(ids, marks, glance, until));
    this.#queue = mine.catch(() => undefined);
    return mine;
  }

  get #lease() {
    return { table: this.#options.table, pk: ledgerKey.lease('subscribers') };
  }

  async #admitAlone(
    ids: readonly string[],
    marks: ReadonlyMap<string, ReadonlySet<string>>,
    glance: LeaseGlance,
    until: number,
  ): Promise<Numbers> {
    const lease = await this.#take(until);
    const check = () => {
      lease.check();
      if (this.#options.now() > until) throw new LeaseError('there is no time left to add subscribers');
    };
    try {
      const known = this.#givenSince(glance, lease, ids) ?? (await this.#options.read(ids));
      const given = await this.#give(
        ids.filter((id) => !known.has(id)),
        marks,
        check,
      );
      this.#remember(lease.turn, given);
      await lease.release();
      return given;
    } catch (error) {
      await lease.abandon();
      throw error;
    }
  }

  /** @throws LeaseError where others have it for too long */
  async #take(until: number): Promise<Lease> {
    const { now, sleep, randomBytes } = this.#options;
    const owner = randomBytes(12).toString('hex');
    for (let waited = 0; ; ) {
      const lease = now() > until ? null : await Lease.take({ ...this.#lease, owner, now });
      if (lease) return lease;
      const pause = 40 + randomBytes(1).readUInt8();
      waited += pause;
      if (waited > WAIT_MS || now() + pause > until)
        throw new LeaseError('others add subscribers at the same time: try again shortly');
      await sleep(pause);
    }
  }

  /** Who of these got a number since the glance, where only this process gave any; else null, and one has to read. */
  #givenSince({ turn, isTaken }: LeaseGlance, lease: Lease, ids: readonly string[]): Numbers | null {
    const turns: Numbers[] = [];
    for (let at = isTaken ? turn : turn + 1; at < lease.turn; at++) {
      const given = this.#given.get(at);
      if (!given) return null;
      turns.push(given);
    }
    const found = new Map<string, number>();
    for (const given of turns)
      for (const id of ids) {
        const no = given.get(id);
        if (no !== undefined) found.set(id, no);
      }
    return found;
  }

  #remember(turn: number, given: Numbers): void {
    this.#given.set(turn, given);
    for (const old of this.#given.keys()) if (this.#given.size > REMEMBERED_TURNS) this.#given.delete(old);
  }

  async #give(
    ids: readonly string[],
    marks: ReadonlyMap<string, ReadonlySet<string>>,
    check: () => void,
  ): Promise<Numbers> {
    if (ids.length === 0) return new Map();
    const { table, now } = this.#options;
    check();
    const last = await table.increment(ledgerKey.subscriberSequence, 'last', 0, ids.length);
    const numbers = new Map(ids.map((id, at) => [id, last - ids.length + 1 + at]));
    await this.#writePages(numbers, check);
    const firstSeen = now();
    const items = [...numbers].map(([id, no]) => {
      const identities = marks.get(id);
      return { pk: ledgerKey.subscriber(id), no, first_seen: firstSeen, ...(identities?.size && { identities }) };
    });
    await table.putMany(items, check);
    return numbers;
  }

  /** A page that is all new is put; one that others have numbers on is added to. */
  async #writePages(numbers: Numbers, check: () => void): Promise<void> {
    const pages = new Map<number, Record<string, string>>();
    for (const [id, no] of numbers) {
      const { page, attribute } = subscriberSlot(no);
      const slots = pages.get(page) ?? {};
      slots[attribute] = id;
      pages.set(page, slots);
    }
    const whole: Item[] = [];
    for (const [page, slots] of pages) {
      const pk = ledgerKey.subscriberPage(page);
      if (Object.keys(slots).length === PAGE_SIZE) whole.push({ ...slots, pk });
      else {
        check();
        await this.#options.table.update(pk, { set: slots });
      }
    }
    await this.#options.table.putMany(whole, check);
  }
}

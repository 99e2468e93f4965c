import { ConditionFailedError, type DynamoTable, type Item } from './dynamo-table.ts';

/**
 * How long a lease lasts that nobody gives back, ms: beyond the 29 s after which the platform ends any call of ours, so that
 * whoever held it is surely gone when the next one takes it.
 */
export const LEASE_MS = 40_000;
/** No write begins in the last part of a lease, ms: what was begun before must have ended when the lease does. */
const MARGIN_MS = 10_000;
/** How long a lease stays taken after a write that failed, ms: the write may still be on its way. */
const AFTERMATH_MS = 3_000;

/** Somebody else has the lease for longer than one can wait, or it is over. Trying again helps, hence the name. */
export class LeaseError extends Error {
  override readonly name = 'ServiceUnavailableException';
}

export interface LeaseOptions {
  readonly table: DynamoTable;
  readonly pk: string;
  /** Tells this holder from every other, in this process and elsewhere. */
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A lease as it was seen without taking it. */
export interface LeaseGlance {
  /** Grows by one each time the lease is taken. */
  readonly turn: number;
  readonly isTaken: boolean;
}

/** The right to write something alone for a while. */
export class Lease {
  /** Which taking of the lease this is. */
  readonly turn: number;
  readonly #options: LeaseOptions;
  readonly #until: number;

  private constructor(options: LeaseOptions, { turn, until }: { turn: number; until: number }) {
    this.#options = options;
    this.turn = turn;
    this.#until = until;
  }

  static async glance({ table, pk }: Pick<LeaseOptions, 'table' | 'pk'>): Promise<LeaseGlance> {
    const item = await table.get(pk);
    return { turn: Number(item?.turn ?? 0), isTaken: item?.owner !== undefined };
  }

  /** Takes the lease, or null where somebody else has it. */
  static async take(options: LeaseOptions): Promise<Lease | null> {
    const { table, pk, owner, now } = options;
    const time = now();
    // A lease that would last longer than any can was taken by a clock that was set back since: local mode can do that.
    const isFree = 'attribute_not_exists(#owner) OR until_ms <= :now OR until_ms > :never';
    const condition = {
      // Its own, too: the answer to a first attempt may have been lost on its way.
      expression: `${isFree} OR #owner = :owner`,
      names: { '#owner': 'owner' },
      values: { ':now': time, ':never': time + 2 * LEASE_MS, ':owner': owner },
    };
    try {
      const item: Item = await table.update(
        pk,
        { set: { owner, until_ms: time + LEASE_MS }, add: { turn: 1 } },
        condition,
      );
      return new Lease(options, { turn: Number(item.turn), until: time + LEASE_MS });
    } catch (error) {
      if (error instanceof ConditionFailedError) return null;
      throw error;
    }
  }

  /** To be called before every write. @throws LeaseError where it might end after the lease does */
  check(): void {
    if (this.#options.now() > this.#until - MARGIN_MS) throw new LeaseError('the lease is nearly over');
  }

  /** Gives the lease back; where that fails it ends by itself. */
  async release(): Promise<void> {
    await this.#own({ remove: ['owner', 'until_ms'] });
  }

  /** Gives the lease back after a write that failed. */
  async abandon(): Promise<void> {
    await this.#own({ set: { until_ms: this.#options.now() + AFTERMATH_MS } });
  }

  async #own(change: Parameters<DynamoTable['update']>[1]): Promise<void> {
    const { table, pk, owner } = this.#options;
    const condition = {
      expression: '#owner = :owner AND turn = :turn',
      names: { '#owner': 'owner' },
      values: { ':owner': owner, ':turn': this.turn },
    };
    await table.update(pk, change, condition).catch(() => undefined);
  }
}

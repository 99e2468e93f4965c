import { ledgerIndex, ledgerKey } from '../contract/keys.ts';
import type { QuarantineFilter } from './attribution/replay.ts';
import { ConditionFailedError, type DynamoTable, type Item } from './dynamo-table.ts';
import type { QuarantinePlace } from './quarantine-item.ts';

/** A replay of all messages that fit a filter, and how far it is. */
export interface ReplayRun {
  readonly id: string;
  readonly filter: QuarantineFilter;
  /** Messages received after this are not its own, epoch ms. */
  readonly started_at: number;
  /** Last message looked at; null at the beginning. */
  readonly place: QuarantinePlace | null;
  readonly replayed: number;
  readonly quarantined: number;
  readonly failed: number;
  readonly done: boolean;
  /** Until then somebody works on it, epoch ms; 0: nobody does. */
  readonly held_until: number;
  /** Grows with every write. */
  readonly revision: number;
}

const KIND = 'replay';
const KEPT_SECONDS = 7 * 86_400;

/** Replays that were asked for. Those that are not done are listed, so that the sweep goes on where a call had to end. */
export class ReplayRuns {
  readonly #table: DynamoTable;
  readonly #now: () => number;

  constructor(table: DynamoTable, now: () => number) {
    this.#table = table;
    this.#now = now;
  }

  /** A new run; the one there is where the id was taken before. */
  async start(id: string, filter: QuarantineFilter): Promise<ReplayRun> {
    const counts = { replayed: 0, quarantined: 0, failed: 0 };
    const run = {
      id,
      filter,
      started_at: this.#now(),
      place: null,
      ...counts,
      done: false,
      held_until: 0,
      revision: 1,
    };
    try {
      await this.#table.put(this.#toItem(run), { expression: 'attribute_not_exists(pk)' });
      return run;
    } catch (error) {
      const known = error instanceof ConditionFailedError ? await this.get(id) : null;
      if (!known) throw error;
      return known;
    }
  }

  async get(id: string): Promise<ReplayRun | null> {
    const item = await this.#table.get(ledgerKey.replay(id));
    return item && toRun(item);
  }

  /** Writes a run over the revision that was read. Null where somebody else has written since. */
  async save(run: ReplayRun): Promise<ReplayRun | null> {
    const next = { ...run, revision: run.revision + 1 };
    const condition = { expression: 'revision = :revision', values: { ':revision': run.revision } };
    try {
      await this.#table.put(this.#toItem(next), condition);
      return next;
    } catch (error) {
      if (error instanceof ConditionFailedError) return null;
      throw error;
    }
  }

  /** Runs that are not done, the oldest first. */
  async open(limit: number): Promise<readonly ReplayRun[]> {
    const partition = { name: 'kind', value: KIND };
    const { items } = await this.#table.query({ index: ledgerIndex.byKind, partition, limit });
    return items.map(toRun);
  }

  #toItem({ filter, ...run }: ReplayRun): Item {
    const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    const listed = run.done ? {} : { kind: KIND, sort: `${String(run.started_at).padStart(15, '0')}#${run.id}` };
    const expires_at = Math.floor(this.#now() / 1_000) + KEPT_SECONDS;
    return { pk: ledgerKey.replay(run.id), ...run, filter: given, ...listed, expires_at };
  }
}

function toRun({ pk: _, kind: __, sort: ___, expires_at: ____, ...run }: Item): ReplayRun {
  return run as unknown as ReplayRun;
}

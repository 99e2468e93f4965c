import { type IdentityKind, ledgerKey } from '../contract/keys.ts';
import type { Mark } from '../core/identity/addresses.ts';
import { each } from './dynamo-batches.ts';
import type { DynamoTable, Item } from './dynamo-table.ts';
import { LeaseError } from './lease.ts';
import { NumberMemory } from './number-memory.ts';
import { SubscriberAdmission } from './subscriber-admission.ts';

/** People remembered with the identities they came with, in 32 bytes each, and up to as many more. */
const REMEMBERED = 1_000_000;
const ATTRIBUTES = ['no', 'identities'] as const;

/** A person of a list, as the directory has to know them. */
export interface Person {
  /** The sender's own id. */
  readonly id: string;
  /** Keyed hashes of what identifies them elsewhere. */
  readonly identities: Readonly<Partial<Record<IdentityKind, string>>>;
}

export interface DirectoryOptions {
  /** The ledger. */
  readonly table: DynamoTable;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Waits, ms. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly randomBytes: (size: number) => Buffer;
  /** Told before they are written which subscribers and identities are new: conversions may wait for them. @default nobody is told */
  readonly announce?: (ids: readonly string[], marks: readonly Mark[]) => Promise<void>;
}

/** Ids with every identity that they came with, as `<kind>#<hash>`. */
type Wanted = ReadonlyMap<string, ReadonlySet<string>>;

/** A subscriber as the ledger knows them: the number, which never changes, and identities as `<kind>#<hash>`. */
interface Known {
  readonly no: number;
  readonly marks: ReadonlySet<string>;
}

/**
 * Ids and numbers of subscribers, account-wide. A number is given once, when a subscriber is first minted; afterwards either is
 * found by the other in one read (see subscriber-lookup.ts), and minting again writes nothing.
 *
 * `subscriber#<id>` holds the number, `subno#<page>` 256 ids by number. See ADR 29 for how new ones are written.
 */
export class SubscriberDirectory {
  readonly #table: DynamoTable;
  readonly #admission: SubscriberAdmission;
  readonly #now: () => number;
  readonly #announce: DirectoryOptions['announce'];
  /** Numbers of people whose identities all stand in the ledger. */
  readonly #settled = new NumberMemory(REMEMBERED);

  constructor(options: DirectoryOptions) {
    this.#table = options.table;
    this.#now = options.now;
    this.#announce = options.announce;
    this.#admission = new SubscriberAdmission({ ...options, read: async (ids) => numbersIn(await this.#read(ids)) });
  }

  /**
   * Numbers of all these people: new ones get theirs now. May be run again after any failure, and by any number of
   * processes at a time: an id never has two numbers that were returned, nor a number two ids.
   * @param until epoch milliseconds after which nothing is written any more
   * @throws LeaseError where others add subscribers for longer than that
   */
  async enrol(people: readonly Person[], until: number): Promise<ReadonlyMap<string, number>> {
    const wanted = marksById(people);
    const numbers = new Map([...wanted].map(([id, marks]) => [id, this.#settled.get(settledKey(id, marks)) ?? 0]));
    const unsettled = [...wanted.keys()].filter((id) => numbers.get(id) === 0);
    if (unsettled.length === 0) return numbers;
    for (const [id, no] of await this.#settle(unsettled, wanted, until)) {
      numbers.set(id, no);
      this.#settled.set(settledKey(id, wanted.get(id) ?? NONE), no);
    }
    const overtaken = people.filter(({ id }) => numbers.get(id) === 0);
    if (overtaken.length === 0) return numbers;
    // Somebody else added them since, perhaps with other identities: they are known ones now.
    return new Map([...numbers, ...(await this.enrol(overtaken, until))]);
  }

  /** Numbers of those whose identities all stand in the ledger now; whom somebody else added meanwhile is missing. */
  async #settle(ids: readonly string[], wanted: Wanted, until: number): Promise<ReadonlyMap<string, number>> {
    const glance = await this.#admission.glance();
    const known = await this.#read(ids);
    const strangers = ids.filter((id) => !known.has(id));
    await this.#keepIdentities(ids, wanted, known, until);
    if (strangers.length === 0) return numbersIn(known);
    return new Map([...numbersIn(known), ...(await this.#admission.admit(strangers, wanted, glance, until))]);
  }

  async #read(ids: readonly string[]): Promise<Map<string, Known>> {
    const items = await this.#table.getMany(ids.map(ledgerKey.subscriber), ATTRIBUTES);
    const known = new Map<string, Known>();
    for (const id of ids) {
      const item = items.get(ledgerKey.subscriber(id));
      if (item) known.set(id, knownOf(item));
    }
    return known;
  }

  /**
   * Writes identities that a subscriber did not have. The item of the identity goes first: what stands in the subscriber's
   * own item is not looked at again.
   */
  async #keepIdentities(
    ids: readonly string[],
    wanted: Wanted,
    known: ReadonlyMap<string, Known>,
    until: number,
  ): Promise<void> {
    const strangers = ids.filter((id) => !known.has(id));
    const added = ids
      .map((id) => ({ id, marks: without(wanted.get(id) ?? NONE, known.get(id)?.marks) }))
      .filter(({ marks }) => marks.size > 0);
    if (added.length + strangers.length > 0)
      await this.#announce?.(
        strangers,
        added.flatMap(({ marks }) => [...marks].map(markOf)),
      );
    if (added.length === 0) return;
    const owners = new Map(added.flatMap(({ id, marks }) => [...marks].map((mark) => [mark, id] as const)));
    const items = [...owners].map(([mark, id]) => ({ pk: identityKey(mark), subscriber_id: id }));
    await this.#table.putMany(items, () => this.#checkTime(until));
    const changed = added.filter(({ id }) => known.has(id));
    await each(changed, async ({ id, marks }) => {
      this.#checkTime(until);
      await this.#table.update(ledgerKey.subscriber(id), { add: { identities: marks } });
    });
  }

  /** @throws LeaseError */
  #checkTime(until: number): void {
    if (this.#now() > until) throw new LeaseError('there is no time left to write subscribers');
  }
}

const NONE: ReadonlySet<string> = new Set();

/** The length keeps an id that reads like another with an identity apart from that. */
const settledKey = (id: string, marks: ReadonlySet<string>) => [id.length, id, ...[...marks].toSorted()].join('\n');

function without(marks: ReadonlySet<string>, known: ReadonlySet<string> = NONE): ReadonlySet<string> {
  return marks.size === 0 ? NONE : new Set([...marks].filter((mark) => !known.has(mark)));
}

const numbersIn = (known: ReadonlyMap<string, Known>) => new Map([...known].map(([id, { no }]) => [id, no]));

const knownOf = (item: Item): Known => ({
  no: Number(item.no),
  marks: (item.identities as ReadonlySet<string> | undefined) ?? NONE,
});

/** Each id once, in the order of the list, with every identity it comes with, as `<kind>#<hash>`. */
function marksById(people: readonly Person[]): Map<string, ReadonlySet<string>> {
  const all = new Map<string, ReadonlySet<string>>();
  for (const { id, identities } of people) {
    const marks = Object.entries(identities).map(([kind, hash]) => `${kind}#${hash}`);
    const before = all.get(id);
    if (!before) all.set(id, marks.length > 0 ? new Set(marks) : NONE);
    else if (marks.length > 0) all.set(id, new Set([...before, ...marks]));
  }
  return all;
}

function markOf(mark: string): Mark {
  const at = mark.indexOf('#');
  return { kind: mark.slice(0, at) as IdentityKind, hash: mark.slice(at + 1) };
}

function identityKey(mark: string): string {
  const { kind, hash } = markOf(mark);
  return ledgerKey.identity(kind, hash);
}

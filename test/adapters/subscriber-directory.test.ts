import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { DynamoTable } from '../../lambdas/adapters/dynamo-table.ts';
import { LEASE_MS, Lease } from '../../lambdas/adapters/lease.ts';
import { type Person, SubscriberDirectory } from '../../lambdas/adapters/subscriber-directory.ts';
import { SubscriberLookup } from '../../lambdas/adapters/subscriber-lookup.ts';
import { ledgerKey } from '../../lambdas/contract/keys.ts';
import { startTables } from '../support/dynalite.ts';

type Tables = Awaited<ReturnType<typeof startTables>>;
let tables: Tables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

/** What happens to a call of DynamoDB: it goes through, it fails before or after it took effect. */
type Fate = 'done' | 'refused' | 'answer_lost';
/** Decides on a call by its number, from 1, and its name. */
type Fates = (call: number, name: string) => Fate | Promise<Fate>;

/** A process of its own: directory, clock and calls that may fail. */
function newProcess(clock: { now: number }, fates: Fates = () => 'done') {
  const calls: string[] = [];
  const client = new DynamoDBClient({
    endpoint: tables.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  client.middlewareStack.add(
    (next, context) => async (args) => {
      calls.push(String(context.commandName));
      const fate = await fates(calls.length, String(context.commandName));
      if (fate === 'refused') throw new Error('the process died');
      const result = await next(args);
      if (fate === 'answer_lost') throw new Error('the process died');
      return result;
    },
    { step: 'initialize' },
  );
  const table = new DynamoTable(DynamoDBDocumentClient.from(client), 'ledger');
  const directory = new SubscriberDirectory({
    table,
    randomBytes,
    now: () => clock.now,
    // Waiting takes real time as well, or parallel processes would never get on.
    sleep: async (ms) => {
      clock.now += ms;
      await new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5)));
    },
  });
  return { directory, calls, table };
}

const START = Date.UTC(2026, 5, 1);
/** Later than any of these tests gets. */
const UNTIL = START + 10 ** 12;
let began = START;
/** A clock that begins after every lease of the tests before. */
const newClock = () => {
  began += 10_000_000;
  return { now: began };
};
let named = 0;
/** People nobody else in these tests has. */
const newPeople = (size: number, identities: Person['identities'] = {}): Person[] =>
  Array.from({ length: size }, () => ({ id: `p${named++}`, identities }));
/** The same with an address each. */
const newReaders = (size: number) => newPeople(size).map(({ id }) => ({ id, identities: { email: `of-${id}` } }));

const idsOf = (people: readonly Person[]) => people.map(({ id }) => id);

/** Every number that was given out leads to its id and back. */
async function expectConsistent(numbers: ReadonlyMap<string, number>): Promise<void> {
  const lookup = new SubscriberLookup(tables.ledgerTable);
  expect(new Set(numbers.values()).size).toBe(numbers.size);
  expect(await lookup.numbersOf([...numbers.keys()])).toEqual(numbers);
  const back = new Map([...numbers].map(([id, no]) => [no, id]));
  expect(await lookup.idsOf([...numbers.values()])).toEqual(back);
}

describe('the subscriber directory', () => {
  it('gives numbers from 1 on in the order of the list, each once, over pages', async () => {
    const people = newPeople(700);
    const { directory } = newProcess(newClock());
    const numbers = await directory.enrol([...people, ...people.slice(0, 5)], UNTIL);
    const values = idsOf(people).map((id) => numbers.get(id) ?? 0);
    const [first = 0] = values;
    expect(first).toBeGreaterThan(0);
    expect(values).toEqual(people.map((_, at) => first + at));
    await expectConsistent(numbers);
  });

  it('writes nothing for known ones, and reads nothing for those met lately', async () => {
    const people = newPeople(300, { email: 'h1' });
    const { directory, calls } = newProcess(newClock());
    const numbers = await directory.enrol(people, UNTIL);
    calls.length = 0;
    expect(await directory.enrol(people, UNTIL)).toEqual(numbers);
    expect(calls).toEqual([]);
    const other = newProcess(newClock());
    expect(await other.directory.enrol(people, UNTIL)).toEqual(numbers);
    expect([...new Set(other.calls)].sort()).toEqual(['BatchGetItemCommand', 'GetItemCommand']);
  });

  it('looks once for new ones where nobody else added any, and again where somebody did', async () => {
    const reads = ({ calls }: { calls: string[] }) => calls.filter((name) => name === 'BatchGetItemCommand').length;
    const clock = newClock();
    const alone = newProcess(clock);
    await alone.directory.enrol(newPeople(90), UNTIL);
    expect(reads(alone)).toBe(1);
    const people = newPeople(3);
    const other = people.map(({ id }) => ({ id, identities: { email: `other-${id}` } }));
    const mine = people.map(({ id }) => ({ id, identities: { phone: `mine-${id}` } }));
    const others: ReadonlyMap<string, number>[] = [];
    // Between looking for the people and taking the lease somebody else gives them numbers.
    const overtaken = newProcess(clock, async (_, name): Promise<Fate> => {
      if (name === 'UpdateItemCommand' && others.length === 0)
        others.push(await newProcess(clock).directory.enrol(other, UNTIL));
      return 'done';
    });
    expect(await overtaken.directory.enrol(mine, UNTIL)).toEqual(others[0]);
    // Before, under the lease, and once more as known ones.
    expect(reads(overtaken)).toBe(3);
    const [id] = idsOf(people);
    const item = await tables.ledgerTable.get(ledgerKey.subscriber(id ?? ''));
    expect(item?.identities).toEqual(new Set([`email#other-${id}`, `phone#mine-${id}`]));
  });

  it('knows what its own process gave, without looking again', async () => {
    const people = newPeople(80);
    const { directory, calls } = newProcess(newClock());
    const [first, second] = await Promise.all([
      directory.enrol(people, UNTIL),
      directory.enrol(people.slice(9), UNTIL),
    ]);
    expect(calls.filter((name) => name === 'BatchGetItemCommand')).toHaveLength(2);
    for (const [id, no] of second) expect(first.get(id)).toBe(no);
  });

  it('keeps identities: the last who came with one has it, and each subscriber has all of theirs', async () => {
    const [a, b] = newPeople(2) as [Person, Person];
    const { directory } = newProcess(newClock());
    const lookup = new SubscriberLookup(tables.ledgerTable);
    await directory.enrol([{ id: a.id, identities: { email: 'e-1', phone: 'p-1' } }], UNTIL);
    await directory.enrol([{ id: a.id, identities: { email: 'e-2' } }], UNTIL);
    expect(await lookup.ownerOf('email', 'e-1')).toBe(a.id);
    expect(await lookup.ownerOf('email', 'e-2')).toBe(a.id);
    expect(await lookup.ownerOf('phone', 'e-1')).toBeNull();
    await directory.enrol([{ id: b.id, identities: { email: 'e-1' } }], UNTIL);
    expect(await lookup.ownerOf('email', 'e-1')).toBe(b.id);
    const item = await tables.ledgerTable.get(ledgerKey.subscriber(a.id));
    expect(item).toMatchObject({
      first_seen: expect.any(Number),
      identities: new Set(['email#e-1', 'email#e-2', 'phone#p-1']),
    });
  });

  it('gives one number to whoever comes with many identities in one list', async () => {
    const [a] = newPeople(1) as [Person];
    const { directory } = newProcess(newClock());
    const list = [1, 2, 3].map((at) => ({ id: a.id, identities: { email: `m-${at}` } }));
    expect((await directory.enrol(list, UNTIL)).size).toBe(1);
    const item = await tables.ledgerTable.get(ledgerKey.subscriber(a.id));
    expect(item?.identities).toEqual(new Set(['email#m-1', 'email#m-2', 'email#m-3']));
  });
});

describe('a process that dies', () => {
  /** Calls of a whole enrolment, the lease given back at the end. */
  async function callsOf(size: number): Promise<number> {
    const { directory, calls } = newProcess(newClock());
    await directory.enrol(newReaders(size), UNTIL);
    return calls.length;
  }

  it.each(['refused', 'answer_lost'] as const)('at any call (%s) leaves nothing lost or doubled', async (fate) => {
    const size = 60;
    const calls = await callsOf(size);
    const given = new Map<string, number>();
    for (let dies = 1; dies <= calls; dies++) {
      const clock = newClock();
      const people = newReaders(size);
      const dying = newProcess(clock, (call) => (call < dies ? 'done' : call === dies ? fate : 'refused'));
      // The last call gives the lease back: dying there is too late to matter.
      const told = await dying.directory.enrol(people, UNTIL).catch(() => null);
      if (told) for (const [id, no] of told) given.set(id, no);
      clock.now += LEASE_MS + 1;
      const again = await newProcess(clock).directory.enrol(people.toReversed(), UNTIL);
      for (const [id, no] of again) expect(given.get(id) ?? no).toBe(no);
      for (const [id, no] of again) given.set(id, no);
    }
    expect(given.size).toBe(size * calls);
    await expectConsistent(given);
    const owners = await tables.ledgerTable.getMany(
      [...given.keys()].map((id) => ledgerKey.identity('email', `of-${id}`)),
    );
    expect(new Set([...owners.values()].map((item) => item.subscriber_id))).toEqual(new Set(given.keys()));
  });

  it('keeps others waiting no longer than its lease, and they give up in time', async () => {
    const clock = newClock();
    const pk = ledgerKey.lease('subscribers');
    expect(await Lease.take({ table: tables.ledgerTable, pk, owner: 'dead', now: () => clock.now })).not.toBeNull();
    const people = newPeople(1);
    await expect(newProcess(clock).directory.enrol(people, UNTIL)).rejects.toMatchObject({
      name: 'ServiceUnavailableException',
    });
    expect(clock.now - began).toBeLessThan(15_000);
    clock.now += LEASE_MS + 1;
    await expectConsistent(await newProcess(clock).directory.enrol(people, UNTIL));
  });
});

describe('the lease', () => {
  const pk = ledgerKey.lease('subscribers');

  it('is nobody else’s until it is given back or over, and is taken again by its own owner', async () => {
    const clock = newClock();
    const take = (owner: string) => Lease.take({ table: tables.ledgerTable, pk, owner, now: () => clock.now });
    const lease = await take('a');
    expect(await take('b')).toBeNull();
    expect((await take('a'))?.turn).toBe((lease?.turn ?? 0) + 1);
    clock.now += LEASE_MS;
    const next = await take('b');
    expect(next).not.toBeNull();
    await lease?.release();
    expect(await take('c')).toBeNull();
    await next?.release();
    expect(await take('c')).not.toBeNull();
  });

  it('lets no write begin near its end', async () => {
    const clock = newClock();
    const lease = await Lease.take({ table: tables.ledgerTable, pk, owner: 'w', now: () => clock.now });
    lease?.check();
    clock.now += LEASE_MS - 10_000;
    lease?.check();
    clock.now += 1;
    expect(() => lease?.check()).toThrow('nearly over');
    await lease?.release();
  });

  it('gives way where a clock that was set back took it', async () => {
    const take = (owner: string, now: number) => Lease.take({ table: tables.ledgerTable, pk, owner, now: () => now });
    const { now } = newClock();
    expect(await take('future', now + 10 ** 10)).not.toBeNull();
    const lease = await take('present', now);
    expect(lease).not.toBeNull();
    await lease?.release();
  });

  it('stops a process whose time passed while it wrote, and the next one finishes', async () => {
    const clock = newClock();
    const people = newPeople(600);
    const frozen = newProcess(clock, (_, name) => {
      if (name === 'BatchWriteItemCommand') clock.now += 4_000;
      return 'done';
    });
    await expect(frozen.directory.enrol(people, UNTIL)).rejects.toThrow('nearly over');
    const writes = frozen.calls.filter((name) => name === 'BatchWriteItemCommand').length;
    expect(writes).toBeLessThan(24);
    clock.now += LEASE_MS;
    await expectConsistent(await newProcess(clock).directory.enrol(people, UNTIL));
  });
});

test('parallel processes with overlapping lists agree on every number', async () => {
  const people = newPeople(900);
  const clock = newClock();
  const processes = Array.from({ length: 4 }, () => newProcess(clock).directory);
  const parts = Array.from({ length: 12 }, (_, at) => people.slice(at * 60, at * 60 + 240));
  const told = await Promise.all(
    parts.map((part, at) => processes[at % processes.length]?.enrol(part, UNTIL) ?? new Map<string, number>()),
  );
  const numbers = new Map<string, number>();
  for (const one of told)
    for (const [id, no] of one) {
      expect(numbers.get(id) ?? no).toBe(no);
      numbers.set(id, no);
    }
  expect(numbers.size).toBe(900);
  await expectConsistent(numbers);
});

test('whatever lists come in whatever order, with failures in between, an id keeps the number it was told', async () => {
  const step = fc.record({
    process: fc.nat(2),
    list: fc.array(fc.nat(40), { minLength: 1, maxLength: 30 }),
    dies: fc.option(fc.nat(12), { nil: null }),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      run += 1;
      const clock = newClock();
      let dies: number | null = null;
      let seen = 0;
      const fates: Fates = () => {
        seen += 1;
        return dies !== null && seen > dies ? 'refused' : 'done';
      };
      const processes = [0, 1, 2].map(() => newProcess(clock, fates).directory);
      const numbers = new Map<string, number>();
      for (const { process, list, dies: at } of steps) {
        dies = at;
        seen = 0;
        const people = list.map((no) => ({
          id: `run${run}-${no}`,
          identities: no % 3 ? {} : { email: `r${run}-${no}` },
        }));
        const told = await processes[process]?.enrol(people, UNTIL).catch(() => null);
        for (const [id, no] of told ?? []) {
          expect(numbers.get(id) ?? no).toBe(no);
          numbers.set(id, no);
        }
        clock.now += LEASE_MS + 1;
      }
      await expectConsistent(numbers);
    }),
    { numRuns: 40 },
  );
});

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { LEASE_MS, Lease } from '../../lambdas/adapters/lease.ts';
import { ledgerKey } from '../../lambdas/contract/keys.ts';
import { startTables } from '../support/dynalite.ts';
import {
  expectConsistent,
  type Fates,
  newClock,
  newPeople,
  newReaders,
  processOn,
  type Tables,
  UNTIL,
} from './directory-processes.ts';

let tables: Tables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const newProcess = (clock: { now: number }, fates?: Fates) => processOn(tables, clock, fates);

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
    await expectConsistent(tables, given);
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
    const began = clock.now;
    await expect(newProcess(clock).directory.enrol(people, UNTIL)).rejects.toMatchObject({
      name: 'ServiceUnavailableException',
    });
    expect(clock.now - began).toBeLessThan(15_000);
    clock.now += LEASE_MS + 1;
    await expectConsistent(tables, await newProcess(clock).directory.enrol(people, UNTIL));
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
    await expectConsistent(tables, await newProcess(clock).directory.enrol(people, UNTIL));
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
  await expectConsistent(tables, numbers);
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
      await expectConsistent(tables, numbers);
    }),
    { numRuns: 40 },
  );
});

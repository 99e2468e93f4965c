import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../lambdas/adapters/subscriber-directory.ts';
import { SubscriberLookup } from '../../lambdas/adapters/subscriber-lookup.ts';
import { ledgerKey } from '../../lambdas/contract/keys.ts';
import { startTables } from '../support/dynalite.ts';
import {
  expectConsistent,
  type Fate,
  type Fates,
  idsOf,
  newClock,
  newPeople,
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

describe('the subscriber directory', () => {
  it('gives numbers from 1 on in the order of the list, each once, over pages', async () => {
    const people = newPeople(700);
    const { directory } = newProcess(newClock());
    const numbers = await directory.enrol([...people, ...people.slice(0, 5)], UNTIL);
    const values = idsOf(people).map((id) => numbers.get(id) ?? 0);
    const [first = 0] = values;
    expect(first).toBeGreaterThan(0);
    expect(values).toEqual(people.map((_, at) => first + at));
    await expectConsistent(tables, numbers);
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

  it('remembers nobody as somebody else whose id reads like theirs with an identity', async () => {
    const [a] = newPeople(1, { email: 'h1' }) as [Person];
    const odd = { id: `${a.id}\nemail#${a.identities.email}`, identities: {} };
    const { directory } = newProcess(newClock());
    const mine = (await directory.enrol([a], UNTIL)).get(a.id);
    expect(mine).toBeGreaterThan(0);
    expect((await directory.enrol([odd], UNTIL)).get(odd.id)).not.toBe(mine);
  });
});

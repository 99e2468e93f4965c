import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect } from 'vitest';
import { DynamoTable } from '../../lambdas/adapters/dynamo-table.ts';
import { type Person, SubscriberDirectory } from '../../lambdas/adapters/subscriber-directory.ts';
import { SubscriberLookup } from '../../lambdas/adapters/subscriber-lookup.ts';
import type { startTables } from '../support/dynalite.ts';

export type Tables = Awaited<ReturnType<typeof startTables>>;

/** What happens to a call of DynamoDB: it goes through, it fails before or after it took effect. */
export type Fate = 'done' | 'refused' | 'answer_lost';
/** Decides on a call by its number, from 1, and its name. */
export type Fates = (call: number, name: string) => Fate | Promise<Fate>;

/** A process of its own: directory, clock and calls that may fail. */
export function processOn(tables: Tables, clock: { now: number }, fates: Fates = () => 'done') {
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
export const UNTIL = START + 10 ** 12;
let began = START;
/** A clock that begins after every lease of the tests before. */
export const newClock = () => {
  began += 10_000_000;
  return { now: began };
};
let named = 0;
/** People nobody else in these tests has. */
export const newPeople = (size: number, identities: Person['identities'] = {}): Person[] =>
  Array.from({ length: size }, () => ({ id: `p${named++}`, identities }));
/** The same with an address each. */
export const newReaders = (size: number) =>
  newPeople(size).map(({ id }) => ({ id, identities: { email: `of-${id}` } }));

export const idsOf = (people: readonly Person[]) => people.map(({ id }) => id);

/** Every number that was given out leads to its id and back. */
export async function expectConsistent(tables: Tables, numbers: ReadonlyMap<string, number>): Promise<void> {
  const lookup = new SubscriberLookup(tables.ledgerTable);
  expect(new Set(numbers.values()).size).toBe(numbers.size);
  expect(await lookup.numbersOf([...numbers.keys()])).toEqual(numbers);
  const back = new Map([...numbers].map(([id, no]) => [no, id]));
  expect(await lookup.idsOf([...numbers.values()])).toEqual(back);
}

import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DynamoTable, QueryInput } from '../../lambdas/adapters/dynamo-table.ts';
import type { QuarantinePlace } from '../../lambdas/adapters/quarantine-item.ts';
import { QuarantineStore } from '../../lambdas/adapters/quarantine-store.ts';
import { startTables } from '../support/dynalite.ts';
import { messageTo, NOW } from '../support/ledger.ts';

const COUNT = 40;
const FAULTS = [{ part: '0', faults: [{ code: 'body_unreadable' as const, parameter: null }] }];

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
  const store = new QuarantineStore(tables.ledgerTable);
  // three of each time, so that ids decide between them
  for (let at = 0; at < COUNT; at++)
    await store.put(messageTo('net', { id: `q${at}`, received_at: NOW + Math.floor(at / 3) }), FAULTS, NOW);
});
afterAll(() => tables.close());

/** The table whose pages are cut short as a page is whose items reach 1 MB. */
function cut(table: DynamoTable, lengthOf: () => number): Pick<DynamoTable, 'get' | 'put' | 'delete' | 'query'> {
  return {
    get: (pk) => table.get(pk),
    put: (item, condition) => table.put(item, condition),
    delete: (pk, condition) => table.delete(pk, condition),
    query: (input: QueryInput) => table.query({ ...input, limit: Math.min(input.limit, lengthOf()) }),
  };
}

it('lists every message once and in order, wherever the table cuts the pages of its shards', () =>
  fc.assert(
    fc.asyncProperty(
      fc.infiniteStream(fc.integer({ min: 1, max: 8 })),
      fc.integer({ min: 1, max: COUNT + 1 }),
      async (lengths, limit) => {
        const store = new QuarantineStore(cut(tables.ledgerTable, () => lengths.next().value));
        const found: { id: string; received_at: number }[] = [];
        for (let place: QuarantinePlace | null | undefined; place !== null; ) {
          const page = await store.list('quarantine', place ?? null, limit);
          expect(page.found.length).toBeLessThanOrEqual(limit);
          found.push(...page.found);
          place = page.next;
        }
        expect(found).toHaveLength(COUNT);
        const order = found.map(({ id, received_at }) => `${received_at}#${id}`);
        expect(order).toEqual([...new Set(order)].toSorted());
      },
    ),
    { numRuns: 25 },
  ));

it('says that nothing follows where a page holds all there is', async () => {
  const store = new QuarantineStore(tables.ledgerTable);
  expect(await store.list('waiting', null, 5)).toEqual({ found: [], next: null });
  expect((await store.list('quarantine', null, COUNT + 1)).next).toBeNull();
});

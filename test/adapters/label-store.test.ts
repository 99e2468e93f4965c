import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LabelStore } from '../../lambdas/adapters/label-store.ts';
import { startTables } from '../support/dynalite.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
let round = 0;

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

test('however labels are put on and taken off at once, both directions tell the same', async () => {
  const step = fc.record({
    add: fc.boolean(),
    label: fc.constantFrom('a', 'b'),
    who: fc.constantFrom('x', 'y#a', 'y'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      round += 1;
      const store = new LabelStore(tables.ledgerTable, () => 0);
      const name = (label: string) => `${label}${round}`;
      const run = ({ add, label, who }: (typeof steps)[number]) =>
        add ? store.add(name(label), { id: who, no: 1 }) : store.remove(name(label), who);
      await Promise.all(steps.map(run));
      for (const label of ['a', 'b']) {
        const { labels } = await store.subscribers(name(label), 50);
        const listed = labels.map(({ subscriber_id }) => subscriber_id);
        const having = await store.having(name(label), ['x', 'y#a', 'y', 'z']);
        expect([...having].sort()).toEqual(listed);
        for (const who of ['x', 'y#a', 'y']) {
          const own = (await store.of(who)).map((one) => one.label);
          expect(own.includes(name(label))).toBe(listed.includes(who));
        }
      }
    }),
    { numRuns: 15 },
  );
});

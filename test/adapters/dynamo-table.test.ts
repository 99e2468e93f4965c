import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConditionFailedError } from '../../lambdas/adapters/dynamo-table.ts';
import { EntityStore } from '../../lambdas/adapters/entity-store.ts';
import { startTables } from '../support/dynalite.ts';
import { newClock, processOn } from './directory-processes.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

describe('a table', () => {
  it('writes and reads more items than one call takes, repeated keys too', async () => {
    const items = Array.from({ length: 257 }, (_, at) => ({ pk: `many#${at}`, at }));
    await tables.ledgerTable.putMany(items);
    const pks = items.map(({ pk }) => pk);
    const found = await tables.ledgerTable.getMany([...pks, ...pks, 'many#none']);
    expect([...found.values()].sort((a, b) => Number(a.at) - Number(b.at))).toEqual(items);
    expect(await tables.ledgerTable.getMany([])).toEqual(new Map());
  });

  it('updates some attributes, adds, removes, and leaves the others', async () => {
    await tables.ledgerTable.put({ pk: 'u', kept: 'yes', gone: 1, count: 2 });
    const change = { set: { name: 'n', absent: undefined }, add: { count: 3 }, remove: ['gone'] };
    const after = await tables.ledgerTable.update('u', change);
    expect(after).toEqual({ pk: 'u', kept: 'yes', name: 'n', count: 5 });
    expect(await tables.ledgerTable.get('u')).toEqual(after);
  });

  it('refuses an update whose condition does not hold', async () => {
    const condition = { expression: '#n = :n', names: { '#n': 'name' }, values: { ':n': 'other' } };
    await expect(tables.ledgerTable.update('u', { set: { name: 'x' } }, condition)).rejects.toThrow(
      ConditionFailedError,
    );
    expect(await tables.ledgerTable.get('u')).toMatchObject({ name: 'n' });
  });

  it('reserves a block of numbers at once', async () => {
    expect(await tables.ledgerTable.increment('seq', 'last', 0, 100)).toBe(100);
    expect(await tables.ledgerTable.increment('seq', 'last', 0)).toBe(101);
  });
});

describe('reads of one moment', () => {
  const put = (pks: readonly string[]) => tables.ledgerTable.putMany(pks.map((pk) => ({ pk, name: pk })));

  it('share a call, and each has what it asked for only', async () => {
    await put(['g1', 'g2', 'g3']);
    const { table, calls } = processOn(tables, newClock());
    const [one, none, two, many] = await Promise.all([
      table.get('g1'),
      table.get('g0'),
      table.get('g2'),
      table.getMany(['g1', 'g3', 'g0']),
    ]);
    expect([one, none, two]).toEqual([{ pk: 'g1', name: 'g1' }, null, { pk: 'g2', name: 'g2' }]);
    expect([...many.keys()]).toEqual(['g1', 'g3']);
    expect(calls).toEqual(['BatchGetItemCommand']);
    expect(await table.get('g1')).toEqual(one);
    expect(calls).toEqual(['BatchGetItemCommand', 'GetItemCommand']);
  });

  it('see what was written before them', async () => {
    const { table } = processOn(tables, newClock());
    for (let round = 1; round <= 20; round++) {
      await table.update('fresh', { set: { round } });
      const read = await Promise.all([table.get('fresh'), table.get('g1')]);
      expect(read[0]).toEqual({ pk: 'fresh', round });
    }
  });

  it('do not suffer from a key that the table refuses', async () => {
    await put(['g1', 'g2']);
    const { table } = processOn(tables, newClock());
    const read = await Promise.allSettled([table.get('g1'), table.get('k'.repeat(2_049)), table.get('g2')]);
    expect(read).toMatchObject([
      { value: { name: 'g1' } },
      { reason: { name: 'ValidationException' } },
      { value: { name: 'g2' } },
    ]);
  });

  it('fail together where the table cannot be reached, and are not sent again', async () => {
    const { table, calls } = processOn(tables, newClock(), () => 'refused');
    const read = await Promise.allSettled([table.get('g1'), table.get('g2')]);
    expect(read.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(calls).toHaveLength(1);
  });
});

describe('a stored document', () => {
  it('leaves what others keep beside it, and leaves the campaign’s index where it names none', async () => {
    const store = new EntityStore(tables.linksTable, () => 0);
    const placement = { pk: 'link#7', kind: 'link' as const, sort: '7' };
    const first = await store.save({ ...placement, campaignId: 'c' }, { n: 1 }, null);
    await tables.linksTable.update('link#7', { set: { minted: { code_key: 1, subscriber_max: 9 } } });
    await store.save({ ...placement, campaignId: null }, { n: 2 }, first);
    const item = await tables.linksTable.get('link#7');
    expect(item).toMatchObject({ doc: { n: 2 }, rev: 2, minted: { code_key: 1, subscriber_max: 9 } });
    expect(item).not.toHaveProperty('campaign_id');
  });
});

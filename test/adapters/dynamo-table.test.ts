import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConditionFailedError } from '../../lambdas/adapters/dynamo-table.ts';
import { EntityStore } from '../../lambdas/adapters/entity-store.ts';
import { startTables } from '../support/dynalite.ts';

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

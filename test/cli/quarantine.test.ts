import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { DynamoTable } from '../../lambdas/adapters/dynamo-table.ts';
import { QuarantineStore } from '../../lambdas/adapters/quarantine-store.ts';
import { localDynamo } from '../../local/engines/tables.ts';
import { localNames } from '../../local/names.ts';
import { messageTo } from '../support/ledger.ts';
import { startLocal } from './local.ts';

vi.setConfig({ testTimeout: 120_000 });

let local: Awaited<ReturnType<typeof startLocal>>;
beforeAll(async () => {
  local = await startLocal();
  await local.json('source', 'create', 'site', '--profile', 'generic');
  const client = localDynamo(local.system.dynamodbEndpoint);
  const store = new QuarantineStore(new DynamoTable(DynamoDBDocumentClient.from(client), localNames.ledgerTable));
  for (const id of ['one', 'two', 'three']) {
    const query = `order_id=${id}&amount=5&event=${id === 'three' ? 'odd' : 'bought'}&email=ann@example.com`;
    const faults = [{ code: 'unknown_event', parameter: 'event' } as const];
    await store.put(messageTo('site', { id, query }), [{ part: '0.0.0', faults }], Date.now());
  }
  client.destroy();
});
afterAll(() => local.close());

it('lists, shows and replays what could not be read', async () => {
  const listed = await local.json('quarantine', 'list', '--source', 'site', '--reason', 'unknown_event');
  expect(listed.map(({ id }: { id: string }) => id).sort()).toEqual(['one', 'three', 'two']);
  const { out } = await local.onehop(['quarantine', 'show', 'one']);
  expect(out).toMatch(/item 0\.0\.0: unknown_event: The event’s name is not known/);
  expect(out).toMatch(/amount = 5 +\(from amount\)/);
  expect(out).not.toContain('ann@example.com');

  const early = await local.onehop(['quarantine', 'replay', 'one']);
  expect([early.code, early.err]).toEqual([1, expect.stringContaining('one stays in quarantine: unknown_event')]);
  expect((await local.onehop(['quarantine', 'replay'])).err).toContain('say which message, or --all');

  await local.json('source', 'update', 'site', '--events', '{"bought": "sale"}');
  await fetch(`${local.system.apiOrigin}/local/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advance_ms: 11_000 }),
  });
  expect(await local.json('quarantine', 'replay', 'one')).toMatchObject({ status: 'replayed' });
  const all = await local.onehop(['quarantine', 'replay', '--all', '--source', 'site', '--json']);
  expect(JSON.parse(all.out)).toEqual({ replayed: 1, quarantined: 1, failed: 0 });
  expect([all.code, all.err]).toEqual([
    1,
    expect.stringContaining('1 are still wrong: "onehop quarantine list" says why'),
  ]);
  expect(all.err).not.toContain('1 replayed');
  expect(await local.json('quarantine', 'list')).toMatchObject([{ id: 'three', replays: 1 }]);
  expect((await local.onehop(['quarantine', 'show', 'one'])).err).toContain('there is no message one in quarantine');
  const dismissed = await local.json('quarantine', 'dismiss', 'three');
  expect(dismissed).toMatchObject([{ id: 'three', dismissed_at: expect.any(String) }]);
  expect(await local.json('quarantine', 'list')).toEqual([]);
  expect((await local.onehop(['quarantine', 'replay', '--all'])).code).toBe(0);
});

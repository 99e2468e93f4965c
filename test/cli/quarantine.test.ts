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
  await local.json('source', 'create', 'old', '--profile', 'generic');
  for (const id of ['one', 'two', 'three']) {
    const query = `order_id=${id}&amount=5&event=${id === 'three' ? 'odd' : 'bought'}&email=ann@example.com`;
    const faults = [{ code: 'unknown_event', parameter: 'event' } as const];
    await store.put(messageTo('site', { id, query }), [{ part: '0.0.0', faults }], Date.now());
  }
  const faults = [{ code: 'unknown_event', parameter: 'event' } as const];
  const query = 'order_id=4&amount=5&event=sale';
  await store.put(messageTo('old', { id: 'four', query }), [{ part: '0.0.0', faults }], Date.now());
  client.destroy();
});
afterAll(() => local.close());

it('says of an archived source why nothing of it can be tried, and what to do', async () => {
  await local.json('source', 'archive', 'old');
  const why = 'The source is archived: nothing of it is read. To read it again, activate it: npx onehop source resume';
  const { out } = await local.onehop(['quarantine', 'show', 'four']);
  expect(out).toMatch(new RegExp(`item 0: ignored: ${why} .* \\(source_archived\\)`));
  const one = await local.onehop(['quarantine', 'replay', 'four']);
  expect(one.err).toMatch(new RegExp(`four stays in quarantine: ${why} old, .*\\(source_archived\\)`));
  const all = await local.onehop(['quarantine', 'replay', '--all', '--source', 'old']);
  expect([all.code, all.err]).toEqual([1, expect.stringMatching(`1 could not be tried\n[\\s\\S]*old: ${why} old`)]);
  expect(all.err).not.toContain('run this again');
  await local.json('source', 'resume', 'old');
  expect((await local.onehop(['quarantine', 'replay', '--all', '--source', 'old'])).code).toBe(0);
});

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
  expect(JSON.parse(all.out)).toEqual({ replayed: 1, quarantined: 1, failed: 0, failed_because: [] });
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
  const again = await local.onehop(['quarantine', 'replay', 'three']);
  expect([again.code, again.err]).toEqual([1, expect.stringContaining('three stays dismissed: unknown_event')]);
  expect((await local.onehop(['quarantine', 'replay', '--all'])).code).toBe(0);
});

import { rmSync } from 'node:fs';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ClassicLevel } from 'classic-level';
import { expect, it, vi } from 'vitest';
import { DynamoTable } from '../../../lambdas/adapters/dynamo-table.ts';
import { startDynamoDb } from '../../../local/engines/dynamodb.ts';
import { localDynamo } from '../../../local/engines/tables.ts';
import { Faults } from '../../../local/faults.ts';
import { localNames } from '../../../local/names.ts';
import { temporaryFolder } from '../testing.ts';

it('has the tables with the keys and indexes of the contract, and keeps them over a restart', async () => {
  const folder = temporaryFolder();
  const item = { pk: 'link#1', kind: 'link', sort: '000000000001', campaign_id: 'sale' };
  for (const start of ['first', 'second']) {
    const listening = await startDynamoDb(folder, new Faults());
    const client = localDynamo(listening.endpoint);
    const table = new DynamoTable(DynamoDBDocumentClient.from(client), localNames.linksTable);
    if (start === 'first') await table.put(item);
    expect(await table.get('link#1')).toEqual(item);
    for (const [index, name, value] of [
      ['by-kind', 'kind', 'link'],
      ['by-campaign', 'campaign_id', 'sale'],
    ] as const)
      expect((await table.query({ index, partition: { name, value }, limit: 5 })).items).toEqual([item]);
    const { Table: described } = await client.send(new DescribeTableCommand({ TableName: localNames.ledgerTable }));
    expect(described?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual(['by-kind']);
    client.destroy();
    await listening.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

it('reads in its own thread, what is there and what is not', async () => {
  const folder = temporaryFolder();
  const listening = await startDynamoDb(folder, new Faults());
  const client = localDynamo(listening.endpoint);
  const table = new DynamoTable(DynamoDBDocumentClient.from(client), localNames.ledgerTable);
  await table.putMany([{ pk: 'a' }, { pk: 'b' }]);
  const inThread = vi.spyOn(ClassicLevel.prototype as unknown as { _getSync(): unknown }, '_getSync');
  expect([...(await table.getMany(['a', 'b', 'c'])).keys()].sort()).toEqual(['a', 'b']);
  expect(inThread.mock.calls.length).toBeGreaterThanOrEqual(3);
  inThread.mockRestore();
  client.destroy();
  await listening.close();
  rmSync(folder, { recursive: true, force: true });
});

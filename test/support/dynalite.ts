import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { DynamoTable } from '../../lambdas/adapters/dynamo-table.ts';
import { ledgerIndex, linksIndex } from '../../lambdas/contract/keys.ts';
import { untilActive } from '../../local/engines/tables.ts';

const string = (name: string) => ({ AttributeName: name, AttributeType: 'S' as const });
const index = (name: string, partition: string) => ({
  IndexName: name,
  KeySchema: [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: 'sort', KeyType: 'RANGE' as const },
  ],
  Projection: { ProjectionType: 'ALL' as const },
});

/** A DynamoDB in this process, over real HTTP, with both tables. */
export async function startTables() {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const common = {
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
    BillingMode: 'PAY_PER_REQUEST' as const,
  };
  await client.send(
    new CreateTableCommand({
      ...common,
      TableName: 'links',
      AttributeDefinitions: ['pk', 'kind', 'sort', 'campaign_id'].map(string),
      GlobalSecondaryIndexes: [index(linksIndex.byKind, 'kind'), index(linksIndex.byCampaign, 'campaign_id')],
    }),
  );
  await client.send(
    new CreateTableCommand({
      ...common,
      TableName: 'ledger',
      AttributeDefinitions: ['pk', 'kind', 'sort'].map(string),
      GlobalSecondaryIndexes: [index(ledgerIndex.byKind, 'kind')],
    }),
  );
  await Promise.all(['links', 'ledger'].map((table) => untilActive(client, table)));
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    endpoint,
    linksTable: new DynamoTable(documents, 'links'),
    ledgerTable: new DynamoTable(documents, 'ledger'),
    close: () =>
      new Promise<void>((resolve) => {
        client.destroy();
        server.close(() => resolve());
      }),
  };
}

import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { ledgerIndex, linksIndex } from '../../lambdas/contract/keys.ts';
import { localCredentials, localNames } from '../names.ts';

/** A client of the local DynamoDB. */
export function localDynamo(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region: localNames.region, credentials: localCredentials });
}

const byKind = (name: string) => ({ name, partition: 'kind' });

/** Makes the two tables with their indexes where they are missing. */
export async function ensureTables(client: DynamoDBClient): Promise<void> {
  await ensureTable(client, localNames.linksTable, [
    byKind(linksIndex.byKind),
    { name: linksIndex.byCampaign, partition: 'campaign_id' },
  ]);
  await ensureTable(client, localNames.ledgerTable, [byKind(ledgerIndex.byKind)]);
}

async function ensureTable(
  client: DynamoDBClient,
  table: string,
  indexes: readonly { readonly name: string; readonly partition: string }[],
): Promise<void> {
  const attributes = ['pk', 'sort', ...indexes.map(({ partition }) => partition)];
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: attributes.map((name) => ({ AttributeName: name, AttributeType: 'S' })),
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        GlobalSecondaryIndexes: indexes.map(({ name, partition }) => ({
          IndexName: name,
          KeySchema: [
            { AttributeName: partition, KeyType: 'HASH' },
            { AttributeName: 'sort', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        })),
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await untilActive(client, table);
}

/** A table takes its first call a moment after it was made, on a busy machine a long one. */
export async function untilActive(client: DynamoDBClient, TableName: string): Promise<void> {
  for (let status: string | undefined; status !== 'ACTIVE'; )
    status = (await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus;
}

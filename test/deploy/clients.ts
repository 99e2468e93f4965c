import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoTable } from '../../lambdas/adapters/dynamo-table.ts';

/** SDK clients of a test that acts as the account's administrator. */
export function clientOptions({ endpoint }: { readonly endpoint: string }) {
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}

export function createClients(emulator: { readonly endpoint: string }) {
  const options = clientOptions(emulator);
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(options), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return {
    table: (name: string) => new DynamoTable(documents, name),
    firehose: new FirehoseClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    secrets: new SecretsManagerClient(options),
  };
}

export type Clients = ReturnType<typeof createClients>;

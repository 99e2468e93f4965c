import { marshall } from '@aws-sdk/util-dynamodb';
import { type AwsCall, AwsServiceError } from '../../local/engines/aws-json.ts';
import { documents, SECRET } from './documents.ts';

const items = new Map(
  [...documents].map(([pk, item]) => [pk, marshall({ pk, ...item }, { removeUndefinedValues: true })]),
);

/** What the edge asks of AWS, answered from memory: links, keys, and clicks that go nowhere. */
export function awsService({ operation, body }: AwsCall): object {
  if (operation === 'PutRecord') return { RecordId: 'GyFqkFAVf5rbPAWYVqIdaEGYf5rbPAWY', Encrypted: false };
  if (operation === 'GetSecretValue') return { Name: 'edge', SecretString: SECRET };
  if (operation === 'BatchGetItem') return { Responses: batchGet(body), UnprocessedKeys: {} };
  throw new AwsServiceError('UnknownOperationException', operation);
}

function batchGet(body: string): Record<string, object[]> {
  const { RequestItems } = JSON.parse(body) as { RequestItems: Record<string, { Keys: { pk: { S: string } }[] }> };
  return Object.fromEntries(
    Object.entries(RequestItems).map(([table, { Keys }]) => [
      table,
      Keys.map(({ pk }) => items.get(pk.S)).filter((item) => item !== undefined),
    ]),
  );
}

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ledgerEnvironment as name } from '../../contract/environment.ts';
import { S3Blobs } from '../blob-store.ts';
import { DynamoTable } from '../dynamo-table.ts';
import { required } from '../environment.ts';
import { EventStreams } from '../event-streams.ts';
import { SecretKeys } from '../secret-keys.ts';
import type { AttributionServices } from './services.ts';

/** What a function that keeps the ledger is given on AWS, by its environment. @param serviceName its name in the log */
export function ledgerServices(serviceName: string): AttributionServices {
  const logger = new Logger({ serviceName });
  const now = () => Date.now();
  const tables = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return {
    linksTable: new DynamoTable(tables, required(name.linksTable)),
    ledgerTable: new DynamoTable(tables, required(name.ledgerTable)),
    keys: new SecretKeys({
      client: new SecretsManagerClient({}),
      edgeSecret: required(name.edgeSecret),
      homeSecret: required(name.homeSecret),
      now,
    }),
    streams: new EventStreams({
      client: new FirehoseClient({}),
      base: required(name.eventStreamBase),
      sleep: (ms) => sleep(ms),
    }),
    blobs: new S3Blobs(new S3Client({}), required(name.bucket)),
    now,
    newId: randomUUID,
    log: (event, facts) => logger.info(event, { ...facts }),
  };
}

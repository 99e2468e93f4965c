import { randomBytes, randomUUID } from 'node:crypto';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { AthenaClient } from '@aws-sdk/client-athena';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { AthenaEngine } from '../adapters/athena.ts';
import { openLedger } from '../adapters/attribution/ledger.ts';
import { rematchMarks } from '../adapters/attribution/rematch.ts';
import { S3Blobs } from '../adapters/blob-store.ts';
import { invokedChecks } from '../adapters/destination/invoke.ts';
import { DynamoTable } from '../adapters/dynamo-table.ts';
import { required } from '../adapters/environment.ts';
import { EventStreams } from '../adapters/event-streams.ts';
import { SecretKeys } from '../adapters/secret-keys.ts';
import { SubscriberDirectory } from '../adapters/subscriber-directory.ts';
import type { IpPolicy } from '../contract/edge-config.ts';
import { apiEnvironment as name } from '../contract/environment.ts';
import { createApi } from './handler.ts';

const logger = new Logger({ serviceName: 'api' });
const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});

const clock = { now: () => Date.now(), sleep: (ms: number) => sleep(ms) };
const log = (event: string, facts: Readonly<Record<string, unknown>>) => logger.info(event, { ...facts });
const shared = {
  linksTable: new DynamoTable(dynamo, required(name.linksTable)),
  ledgerTable: new DynamoTable(dynamo, required(name.ledgerTable)),
  keys: new SecretKeys({
    client: new SecretsManagerClient({}),
    edgeSecret: required(name.edgeSecret),
    homeSecret: required(name.homeSecret),
    now: clock.now,
  }),
  streams: new EventStreams({
    client: new FirehoseClient({}),
    base: required(name.eventStreamBase),
    sleep: clock.sleep,
  }),
  now: clock.now,
  log,
};
const ledger = openLedger({
  ...shared,
  blobs: new S3Blobs(new S3Client({}), required(name.bucket)),
  newId: randomUUID,
});

/** The HTTP API's function. */
export const handler = createApi({
  ...shared,
  queryEngine: new AthenaEngine({
    client: new AthenaClient({}),
    database: required(name.glueDatabase),
    workgroup: required(name.athenaWorkgroup),
  }),
  subscribers: new SubscriberDirectory({
    table: shared.ledgerTable,
    randomBytes,
    announce: ledger.announce,
    ...clock,
  }),
  ledger,
  rematch: rematchMarks(ledger),
  destinations: invokedChecks(new LambdaClient({}), required(name.checkFunction)),
  sleep: clock.sleep,
  randomBytes,
  deployment: {
    stage: required(name.stage),
    shortOrigin: required(name.shortOrigin),
    shortDomains: (process.env[name.shortDomains] ?? '').split(',').filter((domain) => domain !== ''),
    ipPolicy: required(name.ipPolicy) as IpPolicy,
  },
});

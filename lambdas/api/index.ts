import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { AthenaClient } from '@aws-sdk/client-athena';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { AthenaEngine } from '../adapters/athena.ts';
import { invokedChecks } from '../adapters/destination/invoke.ts';
import { DynamoTable } from '../adapters/dynamo-table.ts';
import { EventStreams } from '../adapters/event-streams.ts';
import { SecretKeys } from '../adapters/secret-keys.ts';
import { SubscriberDirectory } from '../adapters/subscriber-directory.ts';
import type { IpPolicy } from '../contract/edge-config.ts';
import { apiEnvironment as name } from '../contract/environment.ts';
import { createApi } from './handler.ts';

function required(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is not set`);
  return value;
}

const logger = new Logger({ serviceName: 'api' });
const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});

const ledgerTable = new DynamoTable(dynamo, required(name.ledgerTable));
const clock = { now: () => Date.now(), sleep: (ms: number) => sleep(ms) };

/** The HTTP API's function. */
export const handler = createApi({
  linksTable: new DynamoTable(dynamo, required(name.linksTable)),
  ledgerTable,
  queryEngine: new AthenaEngine({
    client: new AthenaClient({}),
    database: required(name.glueDatabase),
    workgroup: required(name.athenaWorkgroup),
  }),
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
  subscribers: new SubscriberDirectory({ table: ledgerTable, randomBytes, ...clock }),
  destinations: invokedChecks(new LambdaClient({}), required(name.checkFunction)),
  ...clock,
  randomBytes,
  log: (event, facts) => logger.info(event, { ...facts }),
  deployment: {
    stage: required(name.stage),
    shortOrigin: required(name.shortOrigin),
    shortDomains: (process.env[name.shortDomains] ?? '').split(',').filter((domain) => domain !== ''),
    ipPolicy: required(name.ipPolicy) as IpPolicy,
  },
});

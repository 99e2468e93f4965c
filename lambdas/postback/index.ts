import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { S3Blobs } from '../adapters/blob-store.ts';
import { storeDelivery } from '../adapters/delivery-inlet.ts';
import { DynamoTable } from '../adapters/dynamo-table.ts';
import { required } from '../adapters/environment.ts';
import { EventStreams } from '../adapters/event-streams.ts';
import { MessageQueue } from '../adapters/message-queue.ts';
import { SecretKeys } from '../adapters/secret-keys.ts';
import { SourceStore } from '../adapters/source-store.ts';
import { postbackEnvironment as name } from '../contract/environment.ts';
import { createPostback } from './handler.ts';

const logger = new Logger({ serviceName: 'postback' });
const now = () => Date.now();
const keys = new SecretKeys({
  client: new SecretsManagerClient({}),
  edgeSecret: required(name.edgeSecret),
  homeSecret: required(name.homeSecret),
  now,
});
const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const ledgerTable = new DynamoTable(dynamo, required(name.ledgerTable));
const linksTable = new DynamoTable(dynamo, required(name.linksTable));
const streams = new EventStreams({
  client: new FirehoseClient({}),
  base: required(name.eventStreamBase),
  sleep: (ms) => sleep(ms),
  // A sender waits five seconds: better told to come again than kept waiting.
  attempts: 3,
});
const sources = new SourceStore({ ledgerTable, homeKeys: keys.home, now, randomBytes });

/** Receives postbacks, webhooks and pixels. */
export const handler = createPostback({
  findSource: (id) => sources.find(id),
  deliver: (request, id) => storeDelivery(request, id, { linksTable, ledgerTable, streams, keyring: keys.edge }),
  edgeKeys: keys.edge,
  streams,
  blobs: new S3Blobs(new S3Client({}), required(name.bucket)),
  queue: new MessageQueue({ client: new SQSClient({}), url: required(name.queueUrl) }),
  now,
  newId: randomUUID,
  log: (event, facts) => logger.info(event, { ...facts }),
});

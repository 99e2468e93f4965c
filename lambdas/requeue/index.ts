import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { S3Blobs } from '../adapters/blob-store.ts';
import { required } from '../adapters/environment.ts';
import { EventStreams } from '../adapters/event-streams.ts';
import { MessageQueue } from '../adapters/message-queue.ts';
import { requeueEnvironment as name } from '../contract/environment.ts';
import { createRequeue } from './handler.ts';

const logger = new Logger({ serviceName: 'requeue' });

const services = {
  blobs: new S3Blobs(new S3Client({}), required(name.bucket)),
  queue: new MessageQueue({ client: new SQSClient({}), url: required(name.queueUrl) }),
  streams: new EventStreams({
    client: new FirehoseClient({}),
    base: required(name.eventStreamBase),
    sleep: (ms: number) => sleep(ms),
  }),
};

/** Runs on a schedule. */
export const handler = createRequeue(services, {
  warn: (event, facts) => logger.warn(event, facts),
  error: (event, facts) => logger.error(event, facts),
});

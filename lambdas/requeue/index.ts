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
import { requeue } from './handler.ts';

/** Objects named in a log line. */
const NAMED = 50;

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

/** Runs on a schedule. @throws Error where something could not be brought back, after all that could: it counts as an error of the function */
export async function handler(): Promise<void> {
  const { stuck, ...counts } = await requeue(services);
  if (counts.queued + counts.archived > 0) logger.warn('requeue:brought_back', counts);
  if (stuck.length === 0) return;
  logger.error('requeue:stuck', { stuck: stuck.slice(0, NAMED), count: stuck.length });
  throw new Error(`${stuck.length} messages could not be brought back`);
}

import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { EventStreams } from '../../lambdas/adapters/event-streams.ts';
import { MessageQueue } from '../../lambdas/adapters/message-queue.ts';
import { SecretKeys } from '../../lambdas/adapters/secret-keys.ts';
import type { Endpoints } from '../engines/engines.ts';
import { localCredentials, localNames } from '../names.ts';

/** Clients of the local services, as the functions of the stack have them of AWS's. */
export function localServices(endpoints: Endpoints, now: () => number) {
  const client = (endpoint: string) => ({ endpoint, region: localNames.region, credentials: localCredentials });
  const { edgeSecret, homeSecret, eventStreamBase: base } = localNames;
  const secrets = new SecretsManagerClient(client(endpoints.secretsmanager));
  return {
    keys: new SecretKeys({ client: secrets, edgeSecret, homeSecret, now }),
    streams: new EventStreams({
      client: new FirehoseClient(client(endpoints.firehose)),
      base,
      sleep: (ms) => setTimeout(ms),
    }),
    queue: new MessageQueue({ client: new SQSClient(client(endpoints.sqs)), url: `${endpoints.sqs}/0/postbacks` }),
    newId: () => randomUUID(),
  };
}

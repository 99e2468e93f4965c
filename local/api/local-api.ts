import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { DynamoTable } from '../../lambdas/adapters/dynamo-table.ts';
import { EventStreams } from '../../lambdas/adapters/event-streams.ts';
import { SecretKeys } from '../../lambdas/adapters/secret-keys.ts';
import { SubscriberDirectory } from '../../lambdas/adapters/subscriber-directory.ts';
import { type ApiHandler, createApi } from '../../lambdas/api/handler.ts';
import type { QueryEngine } from '../../lambdas/core/reports/query-engine.ts';
import type { Endpoints } from '../engines/engines.ts';
import { localCredentials, localNames } from '../names.ts';
import { localChecks } from './destinations.ts';

export interface LocalApiOptions {
  readonly linksTable: DynamoTable;
  readonly ledgerTable: DynamoTable;
  readonly queryEngine: QueryEngine;
  readonly endpoints: Endpoints;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Origin of the default short domain. */
  readonly shortOrigin: string;
}

/** The API over the local services. */
export function createLocalApi({ shortOrigin, endpoints, ...services }: LocalApiOptions): ApiHandler {
  const client = (endpoint: string) => ({ endpoint, region: localNames.region, credentials: localCredentials });
  const { edgeSecret, homeSecret, eventStreamBase: base } = localNames;
  return createApi({
    ...services,
    keys: new SecretKeys({
      client: new SecretsManagerClient(client(endpoints.secretsmanager)),
      edgeSecret,
      homeSecret,
      now: services.now,
    }),
    streams: new EventStreams({
      client: new FirehoseClient(client(endpoints.firehose)),
      base,
      sleep: (ms) => setTimeout(ms),
    }),
    subscribers: new SubscriberDirectory({
      table: services.ledgerTable,
      now: services.now,
      sleep: (ms) => setTimeout(ms),
      randomBytes,
    }),
    destinations: localChecks(() => performance.now()),
    randomBytes,
    sleep: (ms) => setTimeout(ms),
    log: tellFaults,
    deployment: { stage: 'local', shortOrigin, shortDomains: [localNames.defaultDomain], ipPolicy: 'hash' },
  });
}

/** Only faults of ours are worth a person's terminal. */
function tellFaults(event: string, facts: Readonly<Record<string, unknown>>): void {
  if (Number(facts.status) >= 500) process.stderr.write(`${JSON.stringify({ log: event, ...facts })}\n`);
}

import { randomBytes, randomUUID } from 'node:crypto';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { openLedger } from '../../lambdas/adapters/attribution/ledger.ts';
import { rematchMarks } from '../../lambdas/adapters/attribution/rematch.ts';
import type { BlobStore } from '../../lambdas/adapters/blob-store.ts';
import type { DynamoTable } from '../../lambdas/adapters/dynamo-table.ts';
import { SubscriberDirectory } from '../../lambdas/adapters/subscriber-directory.ts';
import { type ApiHandler, createApi } from '../../lambdas/api/handler.ts';
import type { QueryEngine } from '../../lambdas/core/reports/query-engine.ts';
import type { Endpoints } from '../engines/engines.ts';
import { localNames } from '../names.ts';
import { localChecks } from './destinations.ts';
import { localServices } from './local-services.ts';

export interface LocalApiOptions {
  readonly linksTable: DynamoTable;
  readonly ledgerTable: DynamoTable;
  readonly queryEngine: QueryEngine;
  readonly endpoints: Endpoints;
  /** Large bodies of postbacks. */
  readonly blobs: BlobStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Origin of the default short domain. */
  readonly shortOrigin: string;
}

/** The API over the local services. */
export function createLocalApi({ shortOrigin, endpoints, blobs, ...services }: LocalApiOptions): ApiHandler {
  const { now, ledgerTable } = services;
  const uptime = () => performance.now();
  const sleep = (ms: number) => setTimeout(ms);
  const { keys, streams } = localServices(endpoints, now);
  const shared = { ...services, keys, streams, log: tellFaults };
  const ledger = openLedger({ ...shared, blobs, uptime, newId: randomUUID });
  return createApi({
    ...shared,
    subscribers: new SubscriberDirectory({ table: ledgerTable, now, sleep, randomBytes, announce: ledger.announce }),
    ledger,
    rematch: rematchMarks(ledger),
    destinations: localChecks(uptime),
    randomBytes,
    sleep,
    deployment: { stage: 'local', shortOrigin, shortDomains: [localNames.defaultDomain], ipPolicy: 'hash' },
  });
}

/** Only faults of ours are worth a person's terminal. */
function tellFaults(event: string, facts: Readonly<Record<string, unknown>>): void {
  if (Number(facts.status) >= 500) process.stderr.write(`${JSON.stringify({ log: event, ...facts })}\n`);
}

import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import type { DynamoTable } from '../../lambdas/adapters/dynamo-table.ts';
import { type ApiHandler, createApi } from '../../lambdas/api/handler.ts';
import type { QueryEngine } from '../../lambdas/core/reports/query-engine.ts';
import { localNames } from '../names.ts';

export interface LocalApiOptions {
  readonly linksTable: DynamoTable;
  readonly ledgerTable: DynamoTable;
  readonly queryEngine: QueryEngine;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Origin of the default short domain. */
  readonly shortOrigin: string;
}

/** The API over the local services. */
export function createLocalApi({ shortOrigin, ...services }: LocalApiOptions): ApiHandler {
  return createApi({
    ...services,
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

import type { Ledger } from '../adapters/attribution/ledger.ts';
import type { DestinationChecks } from '../adapters/destination/glance.ts';
import type { DynamoTable } from '../adapters/dynamo-table.ts';
import type { EventStreams } from '../adapters/event-streams.ts';
import type { SecretKeys } from '../adapters/secret-keys.ts';
import type { SubscriberDirectory } from '../adapters/subscriber-directory.ts';
import type { RandomBytes } from '../adapters/token-store.ts';
import type { IpPolicy } from '../contract/edge-config.ts';
import type { Mark } from '../core/identity/addresses.ts';
import type { QueryEngine } from '../core/reports/query-engine.ts';

/** What the deployment fixed, and the API has to respect or show. */
export interface Deployment {
  readonly stage: string;
  /** Origin of the default short domain, e.g. `https://go.brand.com`. */
  readonly shortOrigin: string;
  /** Configured short domains, the default one first; empty where only the CloudFront name serves. */
  readonly shortDomains: readonly string[];
  readonly ipPolicy: IpPolicy;
}

/** Everything the API needs from outside, handed in so that it runs on AWS, on a laptop and in tests alike. */
export interface ApiServices {
  readonly linksTable: DynamoTable;
  readonly ledgerTable: DynamoTable;
  readonly queryEngine: QueryEngine;
  readonly keys: Pick<SecretKeys, 'edge' | 'home'>;
  readonly streams: Pick<EventStreams, 'put'>;
  readonly destinations: DestinationChecks;
  readonly subscribers: SubscriberDirectory;
  readonly ledger: Ledger;
  /** Matches conversions again that waited for these addresses or customer ids. */
  readonly rematch: (marks: readonly Mark[]) => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly randomBytes: RandomBytes;
  /** Waits, ms. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Takes what happened: an event name and figures, never input. */
  readonly log: (event: string, facts: Readonly<Record<string, unknown>>) => void;
  readonly deployment: Deployment;
}

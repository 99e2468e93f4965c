import type { HomeKeys } from '../../core/home-keys.ts';
import type { Mark } from '../../core/identity/addresses.ts';
import { AliasStore } from '../alias-store.ts';
import { EventLog } from '../event-log.ts';
import { LedgerStore } from '../ledger-store.ts';
import { Matcher } from '../matcher.ts';
import { OrderClaims } from '../order-claims.ts';
import { QuarantineStore } from '../quarantine-store.ts';
import { RematchJobs } from '../rematch-jobs.ts';
import { keyOfMark, UnmatchedIndex } from '../unmatched-index.ts';
import { Known } from './known.ts';
import type { AttributionServices } from './services.ts';

/** The ledger's parts over one set of services. */
export interface Ledger {
  readonly store: LedgerStore;
  readonly claims: OrderClaims;
  readonly aliases: AliasStore;
  readonly matcher: Matcher;
  readonly unmatched: UnmatchedIndex;
  readonly events: EventLog;
  readonly quarantine: QuarantineStore;
  readonly jobs: RematchJobs;
  readonly known: Known;
  readonly homeKeys: () => Promise<HomeKeys>;
  /** Told of subscribers and identities before they are written: conversions that wait for them are matched by the sweep. */
  readonly announce: (ids: readonly string[], marks: readonly Mark[]) => Promise<void>;
  readonly services: AttributionServices;
}

/** Makes the ledger. What it remembers of sources lasts as long as it does. */
export function openLedger(services: AttributionServices): Ledger {
  const { linksTable, ledgerTable, now, keys } = services;
  const store = new LedgerStore(ledgerTable, now);
  const jobs = new RematchJobs(ledgerTable, now, services.newId);
  return {
    store,
    claims: new OrderClaims(ledgerTable, store, now),
    aliases: new AliasStore(ledgerTable, now),
    matcher: new Matcher({ linksTable, ledgerTable, now, edgeKeys: keys.edge }),
    unmatched: new UnmatchedIndex(ledgerTable, now),
    events: new EventLog(ledgerTable),
    quarantine: new QuarantineStore(ledgerTable),
    jobs,
    announce: (ids, marks) =>
      jobs.add([...ids.map((value) => ({ kind: 'subscriber' as const, value })), ...marks.map(keyOfMark)]),
    known: new Known({ linksTable, ledgerTable, now, uptime: services.uptime ?? now }),
    homeKeys: keys.home,
    services,
  };
}

import type { HomeKeys } from '../../core/home-keys.ts';
import { EventLog } from '../event-log.ts';
import { LedgerStore } from '../ledger-store.ts';
import { Matcher } from '../matcher.ts';
import { OrderClaims } from '../order-claims.ts';
import { QuarantineStore } from '../quarantine-store.ts';
import { UnmatchedIndex } from '../unmatched-index.ts';
import { Known } from './known.ts';
import type { AttributionServices } from './services.ts';

/** The ledger's parts over one set of services. */
export interface Ledger {
  readonly store: LedgerStore;
  readonly claims: OrderClaims;
  readonly matcher: Matcher;
  readonly unmatched: UnmatchedIndex;
  readonly events: EventLog;
  readonly quarantine: QuarantineStore;
  readonly known: Known;
  readonly homeKeys: () => Promise<HomeKeys>;
  readonly services: AttributionServices;
}

/** Makes the ledger. What it remembers of sources lasts as long as it does. */
export function openLedger(services: AttributionServices): Ledger {
  const { linksTable, ledgerTable, now, keys } = services;
  const store = new LedgerStore(ledgerTable, now);
  return {
    store,
    claims: new OrderClaims(ledgerTable, store, now),
    matcher: new Matcher({ linksTable, ledgerTable, now, edgeKeys: keys.edge }),
    unmatched: new UnmatchedIndex(ledgerTable, now),
    events: new EventLog(ledgerTable),
    quarantine: new QuarantineStore(ledgerTable),
    known: new Known({ linksTable, ledgerTable, now }),
    homeKeys: keys.home,
    services,
  };
}

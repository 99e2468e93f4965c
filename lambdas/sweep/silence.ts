import type { AttributionServices } from '../adapters/attribution/services.ts';
import { each } from '../adapters/dynamo-batches.ts';
import { EntityStore } from '../adapters/entity-store.ts';
import { EventLog } from '../adapters/event-log.ts';
import type { SourceDocument } from '../adapters/source-store.ts';
import { ledgerIndex } from '../contract/keys.ts';
import { COMPARED_DAYS, DAY_MS, isSilent, SILENCE_WINDOWS, SPEAKS } from '../core/ledger/silence.ts';

/** What listening found. */
export interface Silence {
  /** Active sources. */
  readonly sources: number;
  /** Ids of those that normally speak and do not. */
  readonly silent: readonly string[];
}

const PAGE = 500;

/** Makes the check whether a source that normally speaks has fallen silent. Reads the events of sources; writes nothing. */
export function createSilenceCheck({
  ledgerTable,
  now,
  log,
}: Pick<AttributionServices, 'ledgerTable' | 'now' | 'log'>): () => Promise<Silence> {
  const entities = new EntityStore(ledgerTable, now);
  const events = new EventLog(ledgerTable);
  return async () => {
    const ids = await activeSources(entities);
    const at = now();
    const found: string[] = [];
    await each(ids, async (id) => {
      if (await hasFallenSilent(id, at, events)) found.push(id);
    });
    const silent = found.toSorted();
    log('sweep:silence', { sources: ids.length, silent: silent.length, silent_sources: silent });
    return { sources: ids.length, silent };
  };
}

async function activeSources(entities: EntityStore): Promise<string[]> {
  const partition = { name: 'kind', value: 'source' };
  const ids: string[] = [];
  let from: Readonly<Record<string, unknown>> | undefined;
  do {
    const page = await entities.page<SourceDocument>({ index: ledgerIndex.byKind, partition, limit: PAGE, from });
    ids.push(
      ...page.entities.filter(({ document }) => document.status === 'active').map(({ document }) => document.id),
    );
    from = page.next ?? undefined;
  } while (from);
  return ids;
}

/** Most sources are asked for the shortest window only: whoever spoke in it spoke in all. */
async function hasFallenSilent(id: string, at: number, events: EventLog): Promise<boolean> {
  for (const length of SILENCE_WINDOWS) {
    const heard = (daysAgo: number, atMost: number) => {
      const until = at - daysAgo * DAY_MS;
      return events.count(id, until - length, until, atMost);
    };
    if ((await heard(0, 1)) > 0) return false;
    const before = await Promise.all(Array.from({ length: COMPARED_DAYS }, (_, day) => heard(day + 1, SPEAKS)));
    if (isSilent({ now: 0, before })) return true;
  }
  return false;
}

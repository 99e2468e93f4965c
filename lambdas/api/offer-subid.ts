import { ConditionFailedError } from '../adapters/dynamo-table.ts';
import { EntityStore } from '../adapters/entity-store.ts';
import { SourceStore } from '../adapters/source-store.ts';
import { linksIndex, linksKey } from '../contract/keys.ts';
import type { Offer } from '../core/entities/offer.ts';
import type { Source } from '../core/entities/source.ts';
import { profiles } from '../core/profiles/index.ts';
import type { ApiServices } from './services.ts';

/*
 * An offer's item carries `subid_param`, the parameter in which its source wants the click id: the edge appends it and knows
 * nothing of sources. It follows from the source's profile, so it is written with the offer and again with the source.
 */

const PAGE = 200;

/** Parameter in which a source wants the click id; null where there is no such source, or it wants none. */
export async function subidParamOf(sourceId: string | null, services: ApiServices): Promise<string | null> {
  if (sourceId === null) return null;
  const { ledgerTable, keys, now, randomBytes } = services;
  const stored = await new SourceStore({ ledgerTable, homeKeys: keys.home, now, randomBytes }).get(sourceId);
  return stored ? subidOfProfile(stored.document) : null;
}

function subidOfProfile({ profile }: Pick<Source, 'profile'>): string | null {
  const conventions = profiles[profile];
  return conventions?.reports === 'conversions' ? conventions.subidParam : null;
}

/** Looks once more whether the source is what it was before the offer was saved: it may have been saved at the same time. */
export async function settleSubid(id: string, sourceId: string | null, services: ApiServices): Promise<void> {
  if (sourceId === null) return;
  const item = await services.linksTable.get(linksKey.offer(id));
  const subidParam = await subidParamOf(sourceId, services);
  if ((item?.subid_param ?? null) !== subidParam) await writeSubid(id, sourceId, subidParam, services);
}

/** Brings a source's parameter to all its offers. */
export async function spreadSubid(source: Pick<Source, 'id' | 'profile'>, services: ApiServices): Promise<void> {
  const { linksTable, now } = services;
  const subidParam = subidOfProfile(source);
  let from: Readonly<Record<string, unknown>> | undefined;
  do {
    const { entities, items, next } = await new EntityStore(linksTable, now).page<Offer>({
      index: linksIndex.byKind,
      partition: { name: 'kind', value: 'offer' },
      limit: PAGE,
      from,
    });
    const stale = entities.filter(
      ({ document }, at) => document.source_id === source.id && (items[at]?.subid_param ?? null) !== subidParam,
    );
    for (const { document } of stale) await writeSubid(document.id, source.id, subidParam, services);
    from = next ?? undefined;
  } while (from);
}

async function writeSubid(id: string, sourceId: string, subidParam: string | null, { linksTable }: ApiServices) {
  try {
    await linksTable.update(
      linksKey.offer(id),
      subidParam === null ? { remove: ['subid_param'] } : { set: { subid_param: subidParam } },
      { expression: 'doc.source_id = :source', values: { ':source': sourceId } },
    );
  } catch (error) {
    // Whoever gave the offer another source wrote that one's parameter.
    if (!(error instanceof ConditionFailedError)) throw error;
  }
}

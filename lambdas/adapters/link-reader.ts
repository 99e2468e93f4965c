import { linksKey, type MintedState } from '../contract/keys.ts';
import type { Link } from '../core/entities/link.ts';
import type { DynamoTable, Item } from './dynamo-table.ts';

/** A link with what the mint keeps beside it; null where it never minted. */
export interface ReadLink {
  readonly link: Link;
  readonly minted: MintedState | null;
}

/** Links by number, many at a time: one read for a personal link, two for a slug link. Those that do not exist are missing. */
export async function readLinks(
  table: DynamoTable,
  linkNos: readonly number[],
): Promise<ReadonlyMap<number, ReadLink>> {
  const first = await table.getMany(linkNos.map(linksKey.link));
  const targets = [...first.values()].flatMap(({ target }) => (typeof target === 'string' ? [target] : []));
  const second = await table.getMany(targets);
  const found = linkNos.flatMap((no) => {
    const item = first.get(linksKey.link(no));
    const read = toLink(typeof item?.target === 'string' ? second.get(item.target) : item);
    // A pointer may lead to a slug that another link has taken since.
    return read?.link.link_no === no ? [[no, read] as const] : [];
  });
  return new Map(found);
}

function toLink(item: Item | undefined): ReadLink | null {
  if (typeof item?.doc !== 'object' || item.doc === null) return null;
  return { link: item.doc as Link, minted: (item.minted as MintedState | undefined) ?? null };
}

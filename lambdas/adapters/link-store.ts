import { LINK_NO_PERSONAL_FIRST, LINK_NO_SLUG_FIRST, linksIndex, linksKey } from '../contract/keys.ts';
import type { Link } from '../core/entities/link.ts';
import { ConditionFailedError, type DynamoTable, type Item } from './dynamo-table.ts';
import { EntityStore, type Stored } from './entity-store.ts';
import type { Journal } from './history-store.ts';
import { rememberMessage } from './message-links.ts';

/** The slug belongs to another link of the same domain. */
export class SlugTakenError extends Error {
  override readonly name = 'SlugTakenError';
}

/** Where a link's document lies. */
export interface LinkPlace {
  readonly linkNo: number;
  /** Domain part of the slug's key, `default` for the account's; not used by personal links. */
  readonly domainKey: string;
  readonly slug: string | null;
}

/** What an external id was given before its link exists. */
export interface ExternalClaim {
  readonly linkNo: number;
  readonly slug: string;
}

/**
 * Links in the links table. A slug link's document lies under its slug, so that a tap needs one read; `link#<no>` points
 * to it. The pointer is written first and the slug then claimed, so a crash leaves at most a pointer to nothing.
 */
export class LinkStore {
  readonly #table: DynamoTable;
  readonly #entities: EntityStore;

  /** @param journal records what is written @default nothing is recorded */
  constructor(table: DynamoTable, now: () => number, journal?: Journal) {
    this.#table = table;
    this.#entities = new EntityStore(table, now, journal);
  }

  /** A number no other link has: personal links count from 1, slug links from 2^22. */
  async nextLinkNo(personal: boolean): Promise<number> {
    const first = personal ? LINK_NO_PERSONAL_FIRST : LINK_NO_SLUG_FIRST;
    return this.#table.increment(linksKey.sequence(personal ? 'personal_link' : 'slug_link'), 'last', first - 1);
  }

  /**
   * Creates a link under a number of its own; doing it again with the same number gives back what was created.
   * @throws SlugTakenError
   */
  async create(link: Link, place: LinkPlace): Promise<Stored<Link>> {
    const pk = documentKey(place);
    if (link.message_id) await rememberMessage(this.#table, link.message_id, link.link_no);
    if (place.slug !== null) await this.#point(place.linkNo, pk);
    try {
      return await this.#entities.save(placement(pk, link), link, null);
    } catch (error) {
      if (!(error instanceof ConditionFailedError)) throw error;
      return this.#createdBefore(place, pk);
    }
  }

  /** The link of a number, or null. */
  async get(linkNo: number): Promise<Stored<Link> | null> {
    const item = await this.#table.get(linksKey.link(linkNo));
    if (!item) return null;
    const stored = await this.#entities.get<Link>(typeof item.target === 'string' ? item.target : item.pk);
    return stored?.document.link_no === linkNo ? stored : null;
  }

  /** @throws ConditionFailedError where someone else wrote in between */
  async replace(link: Link, previous: Stored<Link>): Promise<Stored<Link>> {
    if (link.message_id && link.message_id !== previous.document.message_id)
      await rememberMessage(this.#table, link.message_id, link.link_no);
    return this.#entities.save(placement(previous.pk, link), link, previous);
  }

  /**
   * The number that an external id stands for, given out now where it stands for none, and the slug its link gets where
   * none was chosen: whoever makes the link at the same time makes the same one.
   */
  async claimExternalId(externalId: string, personal: boolean, slug: string): Promise<ExternalClaim> {
    const pk = linksKey.externalId(externalId);
    const known = await this.#table.get(pk);
    if (known) return { linkNo: Number(known.link_no), slug: String(known.slug ?? slug) };
    try {
      const linkNo = await this.nextLinkNo(personal);
      await this.#table.put({ pk, link_no: linkNo, slug }, { expression: 'attribute_not_exists(pk)' });
      return { linkNo, slug };
    } catch (error) {
      if (!(error instanceof ConditionFailedError)) throw error;
      return this.claimExternalId(externalId, personal, slug);
    }
  }

  /** Binds an external id to a link; false where it belongs to another link that exists. */
  async bindExternalId(externalId: string, linkNo: number): Promise<boolean> {
    const pk = linksKey.externalId(externalId);
    const holder = (await this.#table.get(pk))?.link_no;
    if (holder === linkNo) return true;
    if (holder !== undefined && (await this.get(Number(holder)))) return false;
    const condition = {
      expression: 'attribute_not_exists(pk) OR link_no = :holder',
      values: { ':holder': holder ?? linkNo },
    };
    try {
      await this.#table.put({ pk, link_no: linkNo }, condition);
      return true;
    } catch (error) {
      if (error instanceof ConditionFailedError) return false;
      throw error;
    }
  }

  /** Lets an external id go that is bound to this link. */
  async releaseExternalId(externalId: string, linkNo: number): Promise<void> {
    const condition = { expression: 'link_no = :no', values: { ':no': linkNo } };
    await this.#table.delete(linksKey.externalId(externalId), condition).catch(ignoreGone);
  }

  /** One page of links in the order of their numbers, of a campaign or of all, with the index key of each. */
  async page(campaignId: string | undefined, limit: number, from?: Readonly<Record<string, unknown>>) {
    const partition =
      campaignId === undefined ? { name: 'kind', value: 'link' } : { name: 'campaign_id', value: campaignId };
    const index = campaignId === undefined ? linksIndex.byKind : linksIndex.byCampaign;
    const { entities, items, next } = await this.#entities.page<Link>({ index, partition, limit, from });
    return {
      links: entities.map((stored, at) => ({ stored, key: indexKey(items[at], partition.name) })),
      isLast: next === null,
    };
  }

  /** Points a number to a slug; a pointer that a crash left without its link gives way. */
  async #point(linkNo: number, target: string): Promise<void> {
    const pk = linksKey.link(linkNo);
    const left = await this.#table.get(pk);
    const replaceable = left && left.target !== target && !(await this.get(linkNo)) ? String(left.target) : target;
    const condition = {
      expression: 'attribute_not_exists(pk) OR target = :target',
      values: { ':target': replaceable },
    };
    await this.#table.put({ pk, target }, condition);
  }

  async #createdBefore({ linkNo, slug }: LinkPlace, pk: string): Promise<Stored<Link>> {
    const existing = await this.#entities.get<Link>(pk);
    if (existing?.document.link_no === linkNo) return existing;
    await this.#table
      .delete(linksKey.link(linkNo), { expression: 'target = :target', values: { ':target': pk } })
      .catch(ignoreGone);
    throw new SlugTakenError(`the slug ${slug} belongs to link ${existing?.document.link_no}`);
  }
}

const documentKey = ({ linkNo, domainKey, slug }: LinkPlace) =>
  slug === null ? linksKey.link(linkNo) : linksKey.slug(domainKey, slug);
const placement = (pk: string, link: Link) => ({
  pk,
  kind: 'link' as const,
  sort: String(link.link_no).padStart(12, '0'),
  campaignId: link.campaign_id,
  subject: linksKey.link(link.link_no),
});

function indexKey(item: Item | undefined, partition: string): Record<string, string> {
  return { pk: String(item?.pk), [partition]: String(item?.[partition]), sort: String(item?.sort) };
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof ConditionFailedError)) throw error;
}

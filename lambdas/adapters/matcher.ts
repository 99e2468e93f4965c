import { type ClickIdFields, verifyClickId } from '../core/click-id.ts';
import { marksOf } from '../core/identity/addresses.ts';
import type { Keyring } from '../core/keyring.ts';
import { type LinkFields, type Match, matchOf, type Person, type Redemption } from '../core/match.ts';
import { type MatchKeys, type NamedClick, promoCodesOf } from '../core/match-keys.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { type IdentityOwner, IdentityStore, markKey } from './identity-store.ts';
import { readLinks } from './link-reader.ts';
import { type PromoOwner, promoOwners } from './promo-lookup.ts';
import { SubscriberLookup } from './subscriber-lookup.ts';
import { keyOfCode, UnmatchedIndex, type UnmatchedKey } from './unmatched-index.ts';

export interface MatcherSources {
  readonly linksTable: DynamoTable;
  readonly ledgerTable: DynamoTable;
  readonly edgeKeys: () => Promise<Keyring>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Redeemer extends PromoOwner {
  readonly redemption: Redemption;
}

/** Whose a conversion is now. */
export interface Resolution {
  readonly match: Match;
  /** Keys that would tell more if they named anybody. */
  readonly waits: readonly UnmatchedKey[];
}

/** Finds out whose a conversion is, and remembers it where it is nobody's yet. */
export class Matcher {
  readonly #sources: MatcherSources;
  readonly #people: SubscriberLookup;
  readonly #owned: IdentityStore;
  readonly #unmatched: UnmatchedIndex;

  constructor(sources: MatcherSources) {
    this.#sources = sources;
    this.#people = new SubscriberLookup(sources.ledgerTable);
    this.#owned = new IdentityStore(sources.ledgerTable, sources.now);
    this.#unmatched = new UnmatchedIndex(sources.ledgerTable, sources.now);
  }

  /** Whose the keys say a conversion is. Where some name nobody it is found by them as soon as one does. */
  async match(keys: MatchKeys, conversionId: string): Promise<Match> {
    const first = await this.resolve(keys);
    if (first.waits.length === 0) return first.match;
    // Remembered first, then looked once more: a key that got its meaning in between is not missed.
    await this.#unmatched.add(first.waits, conversionId);
    return (await this.resolve(keys)).match;
  }

  /** Whose the keys say a conversion is now, and what may change that. */
  async resolve(keys: MatchKeys): Promise<Resolution> {
    const owners = this.#owners(keys);
    const [link, clicker, redeemersByCode, identities, visit] = await Promise.all([
      this.#link(keys.click),
      this.#clicker(keys.click),
      Promise.all(promoCodesOf(keys).map((code) => this.#redeemers(code))),
      owners.then((found) => this.#identities(keys, found)),
      owners.then((found) => (keys.click ? null : this.#visit(found))),
    ]);
    const honoured = redeemersByCode.flatMap((redeemers) => redeemers.find(({ isHonoured }) => isHonoured) ?? []);
    const promos = honoured.map(({ redemption }) => redemption);
    const match = matchOf(keys, { link, clicker, promos, identities, visit });
    const waits = promos.length > 0 ? [] : redeemersByCode.flat().map(keyOfCode);
    return { match, waits: [...waitingIdentities(keys, match), ...waits] };
  }

  async #link(click: ClickIdFields | null): Promise<LinkFields | null> {
    if (!click || click.linkNo === 0) return null;
    const link = (await readLinks(this.#sources.linksTable, [click.linkNo])).get(click.linkNo)?.link;
    if (!link) return null;
    const { link_no, campaign_id, message_id, creative, segment, partner, offer_id } = link;
    return { link_no, campaign_id, message_id, creative, segment, partner, offer_id };
  }

  async #clicker(click: NamedClick | null): Promise<Person | null> {
    if (!click || click.subscriberNo === 0) return null;
    const id = (await this.#people.idsOf([click.subscriberNo])).get(click.subscriberNo);
    return { subscriber_no: click.subscriberNo, subscriber_id: id ?? null };
  }

  /** Subscribers whom a code reads as minted for. They exist before their codes do: what names nobody now is a guess for ever. */
  async #redeemers(code: string): Promise<readonly Redeemer[]> {
    const owners = await promoOwners(this.#sources.linksTable, code, await this.#sources.edgeKeys());
    const ids = await this.#people.idsOf(owners.map(({ subscriberNo }) => subscriberNo));
    return owners.flatMap((owner) => {
      const subscriber_id = ids.get(owner.subscriberNo);
      if (subscriber_id === undefined) return [];
      const { subscriberNo: subscriber_no, campaignId: campaign_id } = owner;
      return [{ ...owner, redemption: { code, subscriber_no, subscriber_id, campaign_id } }];
    });
  }

  /** Whose the addresses are, in the order in which they are believed. */
  async #owners({ email, phone, customer }: MatchKeys): Promise<readonly IdentityOwner[]> {
    const marks = marksOf({ email, phone, customer });
    const owners = await this.#owned.ownersOf(marks);
    return marks.flatMap((mark) => owners.get(markKey(mark)) ?? []);
  }

  /** Whom the identities name, the best key first. */
  async #identities({ subscriber_id }: MatchKeys, owners: readonly IdentityOwner[]): Promise<readonly Person[]> {
    const ids = [subscriber_id, ...owners.map(({ subscriberId }) => subscriberId)].filter((id) => id !== null);
    const numbers = await this.#people.numbersOf([...new Set(ids)]);
    return ids.flatMap((id) => {
      const subscriber_no = numbers.get(id);
      return subscriber_no === undefined ? [] : [{ subscriber_no, subscriber_id: id }];
    });
  }

  /** The click of an unknown visitor who gave one of the addresses. */
  async #visit(owners: readonly IdentityOwner[]) {
    const id = owners.map(({ clickId }) => clickId).find((one) => one !== null);
    if (id === undefined) return null;
    const verified = verifyClickId(id, await this.#sources.edgeKeys());
    if (!verified.ok) return null;
    const { time, linkNo, subscriberNo, nonce } = verified;
    return { click: { id, time, linkNo, subscriberNo, nonce }, link: await this.#link(verified) };
  }
}

/** Identities that would tell more if they named anybody. */
function waitingIdentities(keys: MatchKeys, { identity_subscriber_no }: Match): UnmatchedKey[] {
  if (identity_subscriber_no !== null) return [];
  const { subscriber_id, email, phone, customer } = keys;
  return Object.entries({ subscriber: subscriber_id, email, phone, customer }).flatMap(([kind, value]) =>
    value ? [{ kind: kind as UnmatchedKey['kind'], value }] : [],
  );
}

import type { Link } from './entities/link.ts';
import type { MatchKeys, NamedClick } from './match-keys.ts';
import type { ReasonCode } from './postback/reasons.ts';

/** Somebody of the list. Null where the directory does not know the other name. */
export interface Person {
  readonly subscriber_no: number | null;
  readonly subscriber_id: string | null;
}

/** Attribution fields of a link. */
export type LinkFields = Pick<
  Link,
  'link_no' | 'campaign_id' | 'message_id' | 'creative' | 'segment' | 'partner' | 'offer_id'
>;

/** A promo code that was given out, and to whom. */
export interface Redemption extends Person {
  readonly code: string;
  readonly campaign_id: string;
}

/** What the keys of a conversion led to. */
export interface Resolved {
  /** The link of the click; null where it is gone, or the code led to none. */
  readonly link: LinkFields | null;
  /** Whom the click names; null on slugs. */
  readonly clicker: Person | null;
  /** Whom promo codes name, in the order in which the codes came. */
  readonly promos: readonly Redemption[];
  /** Whom subscriber id, e-mail, phone and customer id name, in this order; those that name nobody are left out. */
  readonly identities: readonly Person[];
  /** Click of an unknown visitor who gave one of the addresses, with its link. */
  readonly visit: { readonly click: NamedClick; readonly link: LinkFields | null } | null;
}

/** Whose a conversion is, and why. */
export interface Match extends Person {
  readonly match: 'click_id' | 'promo_code' | 'identity' | 'none';
  readonly match_conflict: boolean;
  readonly unmatched_reason: ReasonCode | null;
  /** Whom identity alone names, whatever else matched: lift compares arms by nothing else. */
  readonly identity_subscriber_no: number | null;
  /** The click that came along, or that an address led to. */
  readonly click: NamedClick | null;
  /** Link of the click. */
  readonly link: LinkFields | null;
  /** Campaign of the link, or of the promo code. */
  readonly campaign_id: string | null;
  /** The first promo code that names somebody, where it is not the first that came: a shop's own may stand before it. */
  readonly redeemed_code?: string;
}

const NOBODY: Person = { subscriber_no: null, subscriber_id: null };

/**
 * Whose a conversion is: click id, then promo code, then identity; the first that resolves decides. Of identities the
 * sender's own id comes first, the customer id last: every shop counts its own. A click resolves by its signature alone: on a slug it names nobody, and the conversion is a path of one.
 */
export function matchOf(keys: MatchKeys, { link, clicker, promos, identities, visit }: Resolved): Match {
  const [identity] = identities;
  const [promo] = promos;
  const named = [clicker, ...promos, ...identities].flatMap((person) => person?.subscriber_no ?? []);
  const common = {
    match_conflict: new Set(named).size > 1,
    unmatched_reason: null,
    identity_subscriber_no: identity?.subscriber_no ?? null,
    click: keys.click,
    link: null,
    campaign_id: null,
    ...(promo && promo.code !== keys.promo_code && { redeemed_code: promo.code }),
  };
  if (keys.click)
    return { ...common, ...(clicker ?? NOBODY), match: 'click_id', link, campaign_id: link?.campaign_id ?? null };
  if (promo) return { ...common, ...whoseOf(promo), match: 'promo_code' };
  if (identity) return { ...common, ...identity, match: 'identity' };
  if (visit) return { ...common, ...NOBODY, ...visit, match: 'identity', campaign_id: visit.link?.campaign_id ?? null };
  return { ...common, ...NOBODY, match: 'none', unmatched_reason: reasonOf(keys) };
}

const whoseOf = ({ code: _code, ...whose }: Redemption) => whose;

/** A bad click id is the likeliest fault to mend; else the best key that named nobody. */
function reasonOf(keys: MatchKeys): ReasonCode {
  const { click_reason, promo_code, subscriber_id, customer, email, phone, address_reason } = keys;
  if (click_reason !== null && click_reason !== 'no_click_id') return click_reason;
  if (promo_code !== null) return 'promo_code_unknown';
  if ((subscriber_id ?? customer ?? email ?? phone) !== null) return 'identity_unknown';
  return address_reason ?? 'no_click_id';
}

/** Partition keys of the two tables. Both have `pk` (string) as their only key attribute. */

/** Keys of the links table: small, replicated, read by the edge. */
export const linksKey = {
  settings: 'settings',
  /** The document of a personal link, or a pointer to the slug item of a slug link. */
  link: (linkNo: number) => `link#${linkNo}`,
  /** Holds the document of a slug link: one read for a tap. `domain` is `default` for links without a domain. */
  slug: (domain: string, slug: string) => `slug#${domain.toLowerCase()}/${slug.toLowerCase()}`,
  externalId: (id: string) => `external#${id}`,
  offer: (id: string) => `offer#${id}`,
  campaign: (id: string) => `campaign#${id}`,
  domain: (name: string) => `domain#${name.toLowerCase()}`,
  /** Numbers of the links that carry a message, in the set `links`; some may have been changed to carry another since. */
  message: (id: string) => `message#${id}`,
  experiment: (id: string) => `experiment#${id}`,
  /** The campaign that has a number in promo codes. */
  promoCampaign: (no: number) => `promo_campaign#${no}`,
  /** Names the one experiment that draws the whole account. */
  accountExperiment: 'account-experiment',
  /** Last number given out: `slug_link` counts from 2^22, `personal_link` and `promo_campaign` from 1. */
  sequence: (name: 'slug_link' | 'personal_link' | 'promo_campaign') => `counter#${name}`,
  /** Human taps so far of a link or offer that has a cap; written by the edge, best effort. */
  linkTaps: (linkNo: number) => `counter#taps#link#${linkNo}`,
  offerTaps: (id: string) => `counter#taps#offer#${id}`,
} as const;

/** Keys of the ledger table: home region only, the edge has no access. */
export const ledgerKey = {
  token: (id: string) => `token#${id}`,
  /** Changes of an entity, which is named by its key in the links table (`link#5`, `offer#shoes`); one item a revision. */
  history: (subject: string) => `history#${subject}`,
  /** A configured sender; beside its document the sealed secret. */
  source: (id: string) => `source#${id}`,
  idempotency: (tokenId: string, key: string) => `idem#${tokenId}#${key}`,
  /** Number of a subscriber and what hangs on it. */
  subscriber: (id: string) => `subscriber#${id}`,
  /** Ids of 256 subscribers by number, see {@link subscriberSlot}. */
  subscriberPage: (page: number) => `subno#${page}`,
  /** What a conversion is known by: its id is a hash of this. `subject` is the transaction, order or click. */
  /** A label on a subscriber. Labels have no `#` in them, so that the two parts cannot be confused. */
  label: (label: string, subscriberId: string) => `label#${label}#${subscriberId}`,
  /** What the index lists the subscribers of a label under. */
  labelKind: (label: string) => `label#${label}`,
  /** Names of all labels a subscriber ever had. */
  labelsOf: (subscriberId: string) => `labels#${subscriberId}`,
  /** A conversion: its facts, what is booked, and entries still to be emitted. `subject` is the transaction, order or click. */
  conversion: (source: string, subject: string, event: string) => `conv#${source}#${subject}#${event}`,
  /** Another name of a transaction, such as the payment of an invoice: for what takes back, or for reports of one event. */
  alias: (source: string, name: string, event = '') => `alias#${source}#${name}#${event}`,
  /** Which conversion owns an order in a dedupe group. */
  order: (group: string, order: string, event: string) => `order#${group}#${order}#${event}`,
  /** A conversion: its facts, its entries, those still to be emitted, and whose it is. */
  conversionItem: (id: string) => `conv#${id}`,
  /** What became of one item of a message to a source. */
  sourceEvent: (id: string) => `event#${id}`,
  /** A message that could not be understood, or waits for what it takes back; by the message's id. */
  quarantine: (id: string) => `quarantine#${id}`,
  /** The same for what of a message waits for the sale it takes back. */
  waiting: (id: string) => `waiting#${id}`,
  /** Ids of conversions that would be somebody's if this key named anybody; a promo code by campaign, prefix and subscriber number. */
  unmatched: (kind: UnmatchedKind, value: string) => `unmatched#${kind}#${value}`,
  /** A replay of all messages of a filter. */
  replay: (id: string) => `replay#${id}`,
  /** Keys that are about to name somebody, for the sweep. */
  rematch: (id: string) => `rematch#${id}`,
  /** Last subscriber number given out; counts from 1. */
  subscriberSequence: 'counter#subscriber',
  /** To whom an address or customer id belongs: a subscriber of the list, the latest anonymous click, or both. */
  identity: (kind: IdentityKind, hash: string) => `identity#${kind}#${hash}`,
  /** Calls of one subject in one window of time. */
  rateLimit: (subject: string, window: number) => `limit#${subject}#${window}`,
  lease: (name: 'subscribers') => `lease#${name}`,
} as const;

/** What identifies a person outside of the sender's list. */
export type IdentityKind = 'email' | 'phone' | 'customer';

/** Keys a conversion waits for. */
export type UnmatchedKind = IdentityKind | 'subscriber' | 'promo';

/** Where a subscriber's id stands by number: page, and attribute of the page's item. */
export const subscriberSlot = (subscriberNo: number) => ({
  page: Math.floor(subscriberNo / 256),
  attribute: `n${subscriberNo % 256}`,
});

/** Indexes of the links table. */
export const linksIndex = {
  /** Every entity of a kind, in the order of its sort value: partition `kind`, sort `sort`. */
  byKind: 'by-kind',
  /** Links of a campaign (sparse): partition `campaign_id`, sort `sort`. */
  byCampaign: 'by-campaign',
} as const;

/** Index of the ledger table: partition `kind`, sort `sort`. */
export const ledgerIndex = { byKind: 'by-kind' } as const;

export const LINK_NO_SLUG_FIRST = 2 ** 22;
export const LINK_NO_PERSONAL_FIRST = 1;

/**
 * Attribute `minted` of the item of a personal link, beside its document: codes of a link are minted with one key for ever,
 * so that a subscriber's code survives a rotation.
 */
export interface MintedState {
  /** Id of the edge key that all codes of this link are minted with. */
  readonly code_key: number;
  /** Largest subscriber number minted on this link; a code of a larger one was never given out. */
  readonly subscriber_max: number;
}

/** Attribute `promo_state` of the item of a campaign, beside its document. */
export interface PromoState {
  /** The campaign's number in its promo codes, from 1. */
  readonly no: number;
  /** Id of the edge key that all promo codes of this campaign are minted with. */
  readonly key: number;
}

import type { ClickIdFields } from './click-id.ts';
import { type HomeKeys, hashIdentity } from './home-keys.ts';
import type { CanonicalConversion } from './postback/conversion.ts';
import type { ReasonCode } from './postback/reasons.ts';
import { type Normalised, normaliseCustomerId, normaliseEmail, normalisePhone } from './recipients/identities.ts';

/** The click a conversion names. */
export interface NamedClick extends ClickIdFields {
  readonly id: string;
}

/** Keys by which a conversion may be joined to a person, gathered from all its messages. Addresses only as keyed hashes. */
export interface MatchKeys {
  readonly click: NamedClick | null;
  /** Why there is no click; null where there is one. */
  readonly click_reason: ReasonCode | null;
  /** The first code that came. */
  readonly promo_code: string | null;
  /** The codes after the first; left out where there are none. */
  readonly other_codes?: readonly string[];
  readonly subscriber_id: string | null;
  readonly customer: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  /** Why an address that came is no key; null where none came, or all could be read. */
  readonly address_reason: ReasonCode | null;
  /** When the message arrived that told a key, epoch milliseconds; the codes' are not kept. Missing in older records. */
  readonly told_at?: Readonly<Partial<Record<KeyName, number>>>;
}

const NAMES = ['click', 'subscriber_id', 'customer', 'email', 'phone'] as const;
type KeyName = (typeof NAMES)[number];

/** The keys of one message. What cannot be normalised is no key, nor is a click that was too old. */
export function matchKeysOf(conversion: CanonicalConversion, keys: HomeKeys): MatchKeys {
  const { click, click_id, click_too_old, unmatched_reason, promo_codes, subscriber_id, customer_id, email, phone } =
    conversion;
  const hashed = (
    kind: 'customer' | 'email' | 'phone',
    text: string | null,
    normalise: (text: string) => Normalised,
  ) => {
    const normal = text === null ? null : normalise(text);
    return normal && 'value' in normal ? hashIdentity(kind, normal.value, keys) : null;
  };
  const hashes = {
    email: hashed('email', email, normaliseEmail),
    phone: hashed('phone', phone, (text) => normalisePhone(text, undefined)),
  };
  const isUnreadable = (email !== null && hashes.email === null) || (phone !== null && hashes.phone === null);
  const named = {
    click: click && click_id !== null && !click_too_old ? { ...click, id: click_id } : null,
    subscriber_id,
    customer: hashed('customer', customer_id, normaliseCustomerId),
    ...hashes,
  };
  const told = NAMES.filter((name) => named[name] !== null);
  return {
    ...named,
    click_reason: click_too_old ? 'click_too_old' : unmatched_reason,
    ...codesAsKeys(promo_codes),
    address_reason: isUnreadable ? 'address_unreadable' : null,
    told_at: Object.fromEntries(told.map((name) => [name, conversion.received_at])),
  };
}

/** Codes of all messages of a conversion: an order has few, and each costs a look-up. */
const MAX_CODES = 20;

const codesAsKeys = ([first, ...others]: readonly string[]) => ({
  promo_code: first ?? null,
  ...(others.length > 0 && { other_codes: others }),
});

/** Every code that came, in their order. */
export const promoCodesOf = ({ promo_code, other_codes = [] }: MatchKeys): readonly string[] =>
  promo_code === null ? [] : [promo_code, ...other_codes];

/** Codes of both, each once, whatever its case: shops write it as they like. */
function withCodes(known: readonly string[], more: readonly string[]): readonly string[] {
  const isNew = (code: string) => !known.some((one) => one.toUpperCase() === code.toUpperCase());
  return [...known, ...more.filter(isNew)].slice(0, MAX_CODES);
}

/**
 * What is known after another message: codes are gathered, each other key is of the message that arrived first, in whatever order they
 * are processed. The very same object where it adds nothing.
 */
export function withKeys(known: MatchKeys, more: MatchKeys): MatchKeys {
  const codes = withCodes(promoCodesOf(known), promoCodesOf(more));
  const earlier = NAMES.filter((name) => isEarlier(name, more, known));
  if (codes.length === promoCodesOf(known).length && earlier.length === 0) return known;
  const first = <N extends KeyName>(name: N) => (earlier.includes(name) ? more : known)[name];
  const click = first('click');
  return {
    click,
    click_reason: click ? null : known.click_reason,
    ...codesAsKeys(codes),
    subscriber_id: first('subscriber_id'),
    customer: first('customer'),
    email: first('email'),
    phone: first('phone'),
    address_reason: known.address_reason ?? more.address_reason,
    told_at: { ...known.told_at, ...Object.fromEntries(earlier.map((name) => [name, more.told_at?.[name]])) },
  };
}

const isEarlier = (name: KeyName, more: MatchKeys, known: MatchKeys) =>
  more[name] !== null && (known[name] === null || (more.told_at?.[name] ?? 0) < (known.told_at?.[name] ?? 0));

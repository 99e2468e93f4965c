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
}

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
  return {
    click: click && click_id !== null && !click_too_old ? { ...click, id: click_id } : null,
    click_reason: click_too_old ? 'click_too_old' : unmatched_reason,
    ...codesAsKeys(promo_codes),
    subscriber_id,
    customer: hashed('customer', customer_id, normaliseCustomerId),
    ...hashes,
    address_reason: isUnreadable ? 'address_unreadable' : null,
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

const NAMES = ['click', 'subscriber_id', 'customer', 'email', 'phone'] as const;

/** What is known after another message: codes are gathered, of the other keys the first is kept. The very same object where it adds nothing. */
export function withKeys(known: MatchKeys, more: MatchKeys): MatchKeys {
  const codes = withCodes(promoCodesOf(known), promoCodesOf(more));
  if (codes.length === promoCodesOf(known).length && NAMES.every((name) => known[name] !== null || more[name] === null))
    return known;
  const click = known.click ?? more.click;
  const first = <N extends (typeof NAMES)[number]>(name: N) => known[name] ?? more[name];
  return {
    click,
    click_reason: click ? null : known.click_reason,
    ...codesAsKeys(codes),
    subscriber_id: first('subscriber_id'),
    customer: first('customer'),
    email: first('email'),
    phone: first('phone'),
    address_reason: known.address_reason ?? more.address_reason,
  };
}

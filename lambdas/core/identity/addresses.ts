import type { IdentityKind } from '../../contract/keys.ts';
import { type Fault, fault } from '../api/problem.ts';
import { type HomeKeys, hashIdentity } from '../home-keys.ts';
import {
  isPhoneCountry,
  type Normalised,
  normaliseCustomerId,
  normaliseEmail,
  normalisePhone,
} from '../recipients/identities.ts';

/** What a person can be known by, as a call names it. */
export interface Addresses {
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly customer_id?: string | undefined;
  /** Whose phone numbers come without a country code, ISO 3166-1. */
  readonly country?: string | undefined;
}

/** A keyed hash of what identifies somebody. */
export interface Mark {
  readonly kind: IdentityKind;
  readonly hash: string;
}

export interface ReadAddresses {
  /** In the order in which they are believed: customer id, e-mail, phone. */
  readonly marks: readonly Mark[];
  readonly faults: readonly Fault[];
}

/** Hashes of addresses, normalised as lists and conversions are; the text goes no further than this. */
export function readAddresses({ email, phone, customer_id, country }: Addresses, keys: HomeKeys): ReadAddresses {
  const marks: Mark[] = [];
  const faults: Fault[] = [];
  const read = (path: keyof Addresses, kind: IdentityKind, text: string | undefined, normalised: Normalise) => {
    if (text === undefined) return;
    const result = normalised(text);
    if ('value' in result && result.value !== '') marks.push({ kind, hash: hashIdentity(kind, result.value, keys) });
    else faults.push(fault(path, 'invalid', 'error' in result ? result.error : `${path} is empty`));
  };
  const region = country !== undefined && isPhoneCountry(country) ? country : undefined;
  if (country !== undefined && region === undefined)
    faults.push(fault('country', 'invalid', 'must be an ISO 3166-1 code such as US'));
  read('customer_id', 'customer', customer_id, normaliseCustomerId);
  read('email', 'email', email, normaliseEmail);
  read('phone', 'phone', phone, (text) => normalisePhone(text, region));
  return { marks, faults };
}

type Normalise = (text: string) => Normalised;

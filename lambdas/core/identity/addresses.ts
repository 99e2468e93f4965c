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

/**
 * Kinds of identities in the order in which they are believed. Customer ids come last: every shop counts its own, mostly from 1, so the
 * id of one shop's customer may be that of another's.
 */
const BELIEVED: readonly IdentityKind[] = ['email', 'phone', 'customer'];

/** Marks in the order in which they are believed, of hashes by kind; kinds without a hash are left out. */
export function marksOf(hashes: Readonly<Record<IdentityKind, string | null>>): Mark[] {
  return BELIEVED.flatMap((kind) => {
    const hash = hashes[kind];
    return hash === null ? [] : [{ kind, hash }];
  });
}

export interface ReadAddresses {
  /** In the order in which they are believed. */
  readonly marks: readonly Mark[];
  readonly faults: readonly Fault[];
}

/** Hashes of addresses, normalised as lists and conversions are; the text goes no further than this. */
export function readAddresses({ email, phone, customer_id, country }: Addresses, keys: HomeKeys): ReadAddresses {
  const hashes: Record<IdentityKind, string | null> = { email: null, phone: null, customer: null };
  const faults: Fault[] = [];
  const read = (path: keyof Addresses, kind: IdentityKind, text: string | undefined, normalised: Normalise) => {
    if (text === undefined) return;
    const result = normalised(text);
    if ('value' in result && result.value !== '') hashes[kind] = hashIdentity(kind, result.value, keys);
    else faults.push(fault(path, 'invalid', 'error' in result ? result.error : `${path} is empty`));
  };
  const region = country !== undefined && isPhoneCountry(country) ? country : undefined;
  if (country !== undefined && region === undefined)
    faults.push(fault('country', 'invalid', 'must be an ISO 3166-1 code such as US'));
  read('customer_id', 'customer', customer_id, normaliseCustomerId);
  read('email', 'email', email, normaliseEmail);
  read('phone', 'phone', phone, (text) => normalisePhone(text, region));
  return { marks: marksOf(hashes), faults };
}

type Normalise = (text: string) => Normalised;

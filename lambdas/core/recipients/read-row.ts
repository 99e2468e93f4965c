import type { IdentityKind } from '../../contract/keys.ts';
import { ID_PATTERN } from '../entities/fields.ts';
import { type HomeKeys, hashIdentity } from '../home-keys.ts';
import { type ByField, MAX_ATTRIBUTE_BYTES } from './columns.ts';
import { type Normalised, normaliseCustomerId, normaliseEmail, normalisePhone } from './identities.ts';
import type { ListRow } from './list.ts';

/** A row that can be minted. */
export interface Recipient {
  readonly subscriberId: string;
  /** Keyed hashes; what was hashed goes no further than this module. */
  readonly identities: Readonly<Partial<Record<IdentityKind, string>>>;
  /** Values of the `by` columns in their order; empty: the link's own. */
  readonly by: readonly string[];
  /** Further columns as JSON; null where the row has none. */
  readonly attributes: string | null;
}

export interface RowRules {
  readonly by: readonly ByField[];
  /** Country of phone numbers without a country code. */
  readonly country: Parameters<typeof normalisePhone>[1];
  readonly keys: HomeKeys;
}

export type ReadRow = { readonly recipient: Recipient } | { readonly error: string };

const MAX_SUBSCRIBER_ID = 128;
/** Control, format and separator characters and halves of surrogates: what nobody sees or types. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Reads a row: every fault of it at once, or a recipient. */
export function readRow({ values, attributes, error }: ListRow, rules: RowRules): ReadRow {
  const errors = error === undefined ? [] : [error];
  const subscriberId = (values.subscriber_id ?? '').trim();
  // A row that could not be read has no id to complain about.
  if (error === undefined) errors.push(...subscriberIdFaults(subscriberId));
  const identities = identitiesOf(values, rules, errors);
  const by = rules.by.map((field) => (values[field] ?? '').trim());
  for (const [at, value] of by.entries())
    if (value !== '' && !ID_PATTERN.test(value))
      errors.push(`${rules.by[at]} must be 1 to 64 characters of A-Z a-z 0-9 . _ -`);
  const json = attributesJson(attributes);
  const size = Buffer.byteLength(json ?? '');
  if (size > MAX_ATTRIBUTE_BYTES)
    errors.push(`the further columns have ${size} bytes together, the limit is ${MAX_ATTRIBUTE_BYTES}`);
  if (errors.length > 0) return { error: errors.join('; ') };
  return { recipient: { subscriberId, identities, by, attributes: json } };
}

/** What is wrong with the id of a subscriber, spaces around it taken away. */
export function subscriberIdFaults(id: string): string[] {
  if (id === '') return ['subscriber_id is missing'];
  const length = [...id].length;
  if (length > MAX_SUBSCRIBER_ID) return [`subscriber_id has ${length} characters, the limit is ${MAX_SUBSCRIBER_ID}`];
  return UNPRINTABLE.test(id) ? ['subscriber_id holds a character that cannot be printed'] : [];
}

function identitiesOf(values: ListRow['values'], { country, keys }: RowRules, errors: string[]) {
  const identities: Partial<Record<IdentityKind, string>> = {};
  const add = (kind: IdentityKind, text: string | undefined, normalise: (text: string) => Normalised) => {
    if (text === undefined || text.trim() === '') return;
    const normalised = normalise(text);
    if ('error' in normalised) errors.push(normalised.error);
    else identities[kind] = hashIdentity(kind, normalised.value, keys);
  };
  add('email', values.email, normaliseEmail);
  add('phone', values.phone, (text) => normalisePhone(text, country));
  add('customer', values.customer_id, normaliseCustomerId);
  return identities;
}

/** Columns without text are left out; halves of surrogates, which the lake could not read, are replaced. */
function attributesJson(attributes: Readonly<Record<string, string>>): string | null {
  const filled: Record<string, string> = {};
  let isEmpty = true;
  for (const name in attributes) {
    const text = attributes[name]?.trim();
    if (!text) continue;
    filled[name] = text.toWellFormed();
    isEmpty = false;
  }
  return isEmpty ? null : JSON.stringify(filled);
}

import type { Source } from '../entities/source.ts';
import type { ConversionProfile, Field, FieldName, Path, Shape } from '../profiles/profile.ts';
import { PARAMETERS, type Parameter } from './parameters.ts';
import { elementPaths, MAX_ELEMENTS, type Scope, valueAt } from './paths.ts';
import type { Fault, ReasonCode } from './reasons.ts';
import { isUnexpanded } from './unexpanded.ts';

/** How one parameter was read, for `source test` and quarantine. */
export interface Reading {
  readonly parameter: FieldName;
  readonly path: Path;
  readonly value: string;
}

/** Parameters that tell who bought what: where they are unusable the conversion still counts, without them. */
const DESCRIPTIVE: ReadonlySet<FieldName> = new Set([
  'promo_code',
  'customer_id',
  'email',
  'phone',
  'country',
  'product',
  'quantity',
  'subscriber_id',
]);
/** What tells one from another: what stands for "none" would make one of all. */
const IDS: ReadonlySet<FieldName> = new Set(['txn_id', 'order_id', 'refund_id', 'customer_id']);
/** What programs write where they have no value. */
const PLACEHOLDER = /^(undefined|null|\(null\)|nil|none|nan|n\/a|0|\[object object\])$/i;
const MAX_LENGTH = 256;
const CLICK_ID = /^[0-9a-z]{32}$/i;

/** Reads parameters of one item and collects what is wrong with them. */
export interface FieldReader {
  readonly faults: Fault[];
  /** Unusable values that were left out. */
  readonly notes: Fault[];
  readonly readings: Reading[];
  /** Text of a parameter; null where there is none or it is at fault. */
  text(name: FieldName): string | null;
  /** Every usable text of a parameter, each once, from all its paths in their order; at most {@link MAX_ELEMENTS} are read. */
  texts(name: FieldName): readonly string[];
  /** Where a parameter is read; null where there is none. */
  path(name: FieldName): Path | null;
}

export interface Reader {
  readonly profile: ConversionProfile;
  readonly source: Source;
  readonly shape: Shape;
  readonly scope: Scope;
}

export function fieldReader(reader: Reader): FieldReader {
  const faults: Fault[] = [];
  const notes: Fault[] = [];
  const readings: Reading[] = [];
  const usable = (name: FieldName, { path, value }: Found): string | null => {
    const code = faultOf(name, value, reader.profile);
    if (code) (DESCRIPTIVE.has(name) ? notes : faults).push({ code, parameter: name });
    readings.push({ parameter: name, path, value: String(value).slice(0, MAX_LENGTH) });
    return code ? null : String(value).trim();
  };
  const text = (name: FieldName): string | null => {
    const fixed = isParameter(name) ? reader.shape.fixed?.[name] : undefined;
    const found = fixed === undefined ? find(name, reader) : null;
    return found ? usable(name, found) : (fixed ?? null);
  };
  const texts = (name: FieldName): readonly string[] => {
    const found = findAll(name, reader).slice(0, MAX_ELEMENTS);
    return [...new Set(found.flatMap((one) => usable(name, one) ?? []))];
  };
  return { faults, notes, readings, text, texts, path: (name) => find(name, reader)?.path ?? null };
}

interface Found {
  readonly path: Path;
  readonly value: unknown;
}

/**
 * The first path that yields something. Of click ids it is the first with the form of one, where any has it: a page that kept
 * `undefined` hides no good one beside it.
 */
function find(name: FieldName, reader: Reader): Found | null {
  const all = findAll(name, reader);
  const formed = name === 'click_id' ? all.find(({ value }) => isClickId(value)) : undefined;
  return formed ?? all[0] ?? null;
}

/** What the paths yield, in their order. A source's own name for a parameter replaces the profile's. */
function findAll(name: FieldName, reader: Reader): Found[] {
  const field = reader.shape.fields[name];
  return pathsOf(name, field, reader)
    .flatMap((path) => elementPaths(path, reader.scope))
    .map((path) => ({ path, value: valueAt(path, reader.scope) }))
    .filter(({ value }) => !isNothing(value) && !field?.absent?.includes(String(value)))
    .filter(({ path, value }) => !isOther(name, path, value, reader));
}

const isClickId = (value: unknown) => CLICK_ID.test(String(value).trim());

const isParameter = (name: FieldName): name is Parameter => (PARAMETERS as readonly string[]).includes(name);

const isNothing = (value: unknown) => value === undefined || value === null || String(value).trim() === '';

function pathsOf(name: FieldName, field: Field | undefined, reader: Reader): readonly Path[] {
  const own = isParameter(name) ? reader.source.params[name] : undefined;
  if (own !== undefined) return [own];
  return name === 'country' ? nearest(field?.from ?? [], find('phone', reader)?.path ?? '') : (field?.from ?? []);
}

/** An order has several addresses: the country that says whose a phone number is stands beside it, those elsewhere come after. */
function nearest(countries: readonly Path[], phone: Path): readonly Path[] {
  const place = (path: Path) => path.slice(0, path.lastIndexOf('.') + 1);
  return [
    ...countries.filter((path) => path.startsWith(place(phone))),
    ...countries.filter((path) => !path.startsWith(place(phone))),
  ];
}

/**
 * Some names mean the click id to some senders and the transaction to others. Where a profile lists a name under both, the form of
 * the value decides.
 */
function isOther(name: FieldName, path: Path, value: unknown, reader: Reader): boolean {
  if (name !== 'click_id' && name !== 'txn_id') return false;
  const both = (['click_id', 'txn_id'] as const).every((one) =>
    pathsOf(one, reader.shape.fields[one], reader).includes(path),
  );
  return both && isClickId(value) !== (name === 'click_id');
}

function faultOf(name: FieldName, value: unknown, { inlet }: ConversionProfile): ReasonCode | null {
  if (typeof value === 'object') return 'array_value';
  const text = String(value);
  if (text.includes('\uFFFD')) return 'not_utf8';
  // a shop's texts may hold braces of their own; only the click id passes through macros there
  if ((inlet === 'postbacks' || name === 'click_id') && isUnexpanded(text)) return 'macro_unexpanded';
  if (IDS.has(name) && PLACEHOLDER.test(text.trim())) return 'placeholder_id';
  return text.length > MAX_LENGTH ? 'value_too_long' : null;
}

import type { Source } from '../entities/source.ts';
import type { ConversionProfile, EventMeaning, Shape } from '../profiles/profile.ts';
import type { CanonicalConversion } from './conversion.ts';
import type { FieldReader } from './field-reader.ts';
import { instantFault, parseInstant } from './instants.ts';
import type { ConversionEvent, ConversionStatus, MessageEntry } from './parameters.ts';

export interface Conventions {
  readonly profile: ConversionProfile;
  readonly source: Source;
  readonly shape: Shape;
}

/** The meaning of a sender's word: the source's map first, then the profile's; letters may be of either case. */
function lookUp<T>(word: string, ...maps: readonly Readonly<Record<string, T>>[]): T | undefined {
  for (const map of maps) {
    const key = Object.keys(map).find((one) => one.toLowerCase() === word.toLowerCase());
    if (key !== undefined) return map[key];
  }
  return undefined;
}

/** What takes back without saying what is about the sale, else whatever else is known. */
const TAKEN_BACK: readonly ConversionEvent[] = ['sale', 'lead', 'signup', 'install', 'rebill'];
/** A rebill comes after its sale, so of the two under one name it is the later. */
const EITHER: readonly ConversionEvent[] = ['rebill', 'sale', 'lead', 'signup', 'install'];

/** What an item says of the event it is about. */
export interface ReadEvent extends Pick<CanonicalConversion, 'event' | 'may_be'> {
  readonly entry: MessageEntry;
  /** Nothing is said: then it is a sale, and what takes back may be about anything. */
  readonly isUnnamed: boolean;
}

/** What an item reports, and whether it takes back. A refund id makes it a refund, whatever the event. */
export function readEvent(fields: FieldReader, { profile, source, shape }: Conventions): ReadEvent {
  const refund = fields.text('refund_id') === null ? 'sale' : 'refund';
  const meaning = shape.event === 'sale_or_rebill' ? shape.event : meaningOf(fields, { profile, source, shape });
  if (meaning === undefined) fields.faults.push({ code: 'unknown_event', parameter: 'event' });
  const isUnnamed = meaning === 'unnamed';
  if (meaning === 'refund' || meaning === 'chargeback')
    return { event: 'sale', may_be: TAKEN_BACK, entry: shape.entry ?? meaning, isUnnamed };
  const entry = shape.entry ?? refund;
  if (meaning === 'sale_or_rebill') return { event: 'sale', may_be: EITHER, entry, isUnnamed };
  return { event: isUnnamed ? 'sale' : (meaning ?? 'sale'), may_be: [], entry, isUnnamed };
}

/** The events a message may be about, once it is known whether it takes back. */
export const eventsOf = ({ may_be, isUnnamed }: ReadEvent, entry: MessageEntry): readonly ConversionEvent[] =>
  isUnnamed && entry !== 'sale' ? TAKEN_BACK : may_be;

/** A source's words for a shape's event count too: what a shop calls a sale may be a lead to us. */
function meaningOf(fields: FieldReader, { profile, source, shape }: Conventions): EventMeaning | 'unnamed' | undefined {
  const word = shape.event ?? fields.text('event');
  if (word === null) return 'unnamed';
  const own = lookUp<EventMeaning>(word, source.events);
  if (own !== undefined || shape.event !== undefined || !isStatusToo(fields))
    return own ?? lookUp<EventMeaning>(word, profile.events);
  const status = lookUp(word, source.statuses);
  if (takesBack(status)) return 'sale_or_rebill';
  return lookUp<EventMeaning>(word, profile.events) ?? impliedBy(status ?? lookUp(word, profile.statuses));
}

/** Whether one word says both what happened and how sure it is. */
const isStatusToo = (fields: FieldReader) => fields.path('event') === fields.path('status');

const takesBack = (status: ConversionStatus | undefined) => status === 'rejected' || status === 'reversed';

/** What a word that is known as a status only is about. What takes back does not say whether it is about a sale or a rebill. */
function impliedBy(status: ConversionStatus | undefined): EventMeaning | undefined {
  if (status === undefined) return undefined;
  return takesBack(status) ? 'sale_or_rebill' : 'sale';
}

/** The status an item reports; null where it says nothing. */
export function readStatus(fields: FieldReader, { profile, source, shape }: Conventions): ConversionStatus | null {
  if (shape.status) return shape.status;
  const word = fields.text('status');
  if (word === null) return null;
  const status = lookUp(word, source.statuses, profile.statuses);
  if (status === undefined) fields.faults.push({ code: 'unknown_status', parameter: 'status' });
  return status ?? null;
}

/** A time an item names; null where it names none. */
export function readTime(fields: FieldReader, name: 'ts' | 'revised_at', receivedAt: number): number | null {
  const text = fields.text(name);
  if (text === null) return null;
  const time = parseInstant(text);
  const code = time === null ? 'bad_time' : instantFault(time, receivedAt);
  if (code) fields.faults.push({ code, parameter: name });
  return time;
}

/** A whole number of pieces; anything else is left out with a note. */
export function readQuantity(fields: FieldReader): number | null {
  const text = fields.text('quantity');
  if (text === null) return null;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  fields.notes.push({ code: 'bad_amount', parameter: 'quantity' });
  return null;
}

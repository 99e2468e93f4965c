import type { Source } from '../entities/source.ts';
import type { ConversionProfile, Shape } from '../profiles/profile.ts';
import type { CanonicalConversion } from './conversion.ts';
import { documentsOf, MAX_ITEMS } from './documents.ts';
import { type FieldReader, fieldReader, type Reading } from './field-reader.ts';
import type { MessageEntry } from './parameters.ts';
import { holds, type Scope, valueAt } from './paths.ts';
import { readEmail, readPhone } from './read-address.ts';
import { clickFault, isClickTooOld, type ReadClick, readClick, type VerifyClickId } from './read-click.ts';
import { eventsOf, readEvent, readQuantity, readStatus, readTime } from './read-meaning.ts';
import { readMoney } from './read-money.ts';
import type { Fault, ReasonCode } from './reasons.ts';
import type { RawRequest } from './request.ts';

/** One item of a request, interpreted. `part` tells items of a request apart and is the same at every replay. */
export type Item = {
  readonly part: string;
  readonly readings: readonly Reading[];
  readonly notes: readonly Fault[];
} & (
  | { readonly outcome: 'conversion'; readonly conversion: CanonicalConversion }
  | { readonly outcome: 'quarantined'; readonly faults: readonly Fault[] }
  /** `alias`: it is no conversion, yet tells another name of one. */
  | { readonly outcome: 'ignored'; readonly reason: ReasonCode; readonly alias?: Alias }
);

/** Another name of a transaction. */
export interface Alias {
  readonly name: string;
  readonly txn_id: string;
}

/** What interpreting needs to know besides the request. */
export interface Interpreter {
  readonly profile: ConversionProfile;
  readonly source: Source;
  readonly accountCurrency: string;
  readonly verifyClickId: VerifyClickId;
}

/**
 * Turns an authenticated request into items: conversions, quarantined ones with every fault, or ignored ones. Always at least one.
 * Depends on nothing but its arguments (times are judged by `received_at`), so a replay after a fix reads the same request anew.
 */
export function interpret(request: RawRequest, by: Interpreter): readonly Item[] {
  if (by.source.status !== 'active') return [ignored('0', `source_${by.source.status}`)];
  const documents = documentsOf(request, by.profile.inlet);
  const scope = (document: unknown): Scope => ({ root: document, item: document, headers: request.headers });
  const early = (documents ?? [{}]).map((document) => ignoredAs(by.profile, scope(document)));
  if (!documents) return [early[0] ? ignored('0', early[0]) : quarantined('0', 'body_unreadable')];
  if (documents.length === 0) return [ignored('0', 'nothing_reported')];
  if (documents.length > MAX_ITEMS) return [quarantined('0', 'too_many_items')];
  const items = documents.flatMap((document, index) => {
    const reason = early[index];
    return reason ? [ignored(`${index}`, reason)] : readDocument(scope(document), `${index}`, request, by);
  });
  return items.length > MAX_ITEMS ? [quarantined('0', 'too_many_items')] : items.map(placed(request.place ?? 0));
}

const placed = (first: number) => (item: Item, at: number) =>
  item.outcome === 'conversion' ? { ...item, conversion: { ...item.conversion, place: first + at } } : item;

const blank = (part: string) => ({ part, readings: [], notes: [] });
const ignored = (part: string, reason: ReasonCode): Item => ({ ...blank(part), outcome: 'ignored', reason });
const quarantined = (part: string, code: ReasonCode): Item => ({
  ...blank(part),
  outcome: 'quarantined',
  faults: [{ code, parameter: null }],
});

function ignoredAs({ ignore }: ConversionProfile, scope: Scope): ReasonCode | undefined {
  return ignore?.find(({ when }) => holds(when, scope))?.reason;
}

function readDocument(scope: Scope, part: string, request: RawRequest, by: Interpreter): Item[] {
  const shapes = by.profile.shapes
    .map((shape, index) => ({ shape, index }))
    .filter(({ shape }) => holds(shape.when, scope));
  if (shapes.length === 0) return [ignored(part, 'other_topic')];
  const items = shapes.flatMap(({ shape, index }) =>
    elementsOf(shape, scope).flatMap(
      ({ item, element }) => readItem({ ...scope, item }, shape, `${part}.${index}.${element}`, request, by) ?? [],
    ),
  );
  return items.length > 0 ? items : [ignored(part, 'nothing_reported')];
}

/** Elements a shape reads; their numbers do not depend on conditions, so parts stay the same. */
function elementsOf({ each, eachWhen }: Shape, scope: Scope): { item: unknown; element: number }[] {
  const list = each === undefined ? [scope.item] : valueAt(each, scope);
  return (Array.isArray(list) ? list : [])
    .map((item: unknown, element) => ({ item, element }))
    .filter(({ item }) => holds(eachWhen, { ...scope, item }));
}

function readItem(scope: Scope, shape: Shape, part: string, request: RawRequest, by: Interpreter): Item | null {
  const fields = fieldReader({ ...by, shape, scope });
  if (shape.namesOnly) return readAlias(fields, part);
  const conversion = readConversion(fields, shape, request.received_at, by);
  const { readings, notes } = fields;
  return fields.faults.length > 0
    ? { part, readings, notes, outcome: 'quarantined', faults: distinct(fields.faults) }
    : { part, readings: distinct(readings), notes, outcome: 'conversion', conversion };
}

/** Null where the sender does not tell the other name. */
function readAlias(fields: FieldReader, part: string): Item | null {
  const [name, txn_id] = [fields.text('alias'), fields.text('txn_id')];
  const { readings, notes } = fields;
  if (name === null || txn_id === null) return null;
  return { part, readings, notes, outcome: 'ignored', reason: 'payment_named', alias: { name, txn_id } };
}

function distinct<T>(list: readonly T[]): T[] {
  return [...new Map(list.map((one) => [JSON.stringify(one), one])).values()];
}

function readConversion(fields: FieldReader, shape: Shape, receivedAt: number, by: Interpreter): CanonicalConversion {
  const conventions = { ...by, shape };
  const said = readEvent(fields, conventions);
  const { money, negative } = readMoney(fields, by, said.entry);
  const entry: MessageEntry = negative && said.entry === 'sale' ? 'refund' : said.entry;
  const ids = { txn_id: fields.text('txn_id'), order_id: fields.text('order_id') };
  const click = checkedClick(fields, by, entry !== 'sale' && (ids.txn_id ?? ids.order_id) !== null);
  if ((ids.txn_id ?? ids.order_id ?? click.click_id) === null && fields.faults.length === 0)
    fields.faults.push({ code: 'missing_key', parameter: null });
  const times = { occurred_at: readTime(fields, 'ts', receivedAt) ?? receivedAt, received_at: receivedAt };
  const click_too_old = isClickTooOld(click.click, by.source, times);
  if (click_too_old) fields.notes.push({ code: 'click_too_old', parameter: 'click_id' });
  const promo_codes = fields.texts('promo_code');
  return {
    source_id: by.source.id,
    kind: by.profile.kind,
    entry,
    event: said.event,
    may_be: eventsOf(said, entry),
    status: entry === 'sale' ? readStatus(fields, conventions) : null,
    ...click,
    click_too_old,
    ...ids,
    refund_id: fields.text('refund_id'),
    cumulative: shape.cumulative === true,
    money,
    ...times,
    place: 0,
    revised_at: readTime(fields, 'revised_at', receivedAt),
    promo_code: promo_codes[0] ?? null,
    promo_codes,
    subscriber_id: fields.text('subscriber_id'),
    customer_id: fields.text('customer_id'),
    email: readEmail(fields),
    phone: readPhone(fields),
    product: fields.text('product'),
    quantity: readQuantity(fields),
  };
}

function checkedClick(fields: FieldReader, by: Interpreter, takesKnownBack: boolean): ReadClick {
  const click = readClick(fields, by.verifyClickId);
  const stops = clickFault(by.profile.kind, click.unmatched_reason, takesKnownBack);
  if (stops) fields.faults.push(stops);
  return click;
}

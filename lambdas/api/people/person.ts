/** Columns of a campaign's people, in order. */
export const PERSON_COLUMNS = [
  'subscriber_id',
  'subscriber_no',
  'experiment',
  'arm',
  'segment',
  'creative',
  'message_ids',
  'link_nos',
  'codes',
  'promo_code',
  'clicks',
  'first_click_at',
  'last_click_at',
  'conversions',
  'last_conversion_at',
  'attributes',
] as const;

/** What may have several values, which stand in one text. */
const LISTS: readonly string[] = ['experiment', 'arm', 'segment', 'creative', 'message_ids', 'link_nos', 'codes'];

export type Person = Readonly<Record<(typeof PERSON_COLUMNS)[number], unknown>>;

/** A row of the statement as it is shown: lists as lists, times as RFC 3339, attributes as an object. */
export function personOf(row: Readonly<Record<string, unknown>>): Person {
  return Object.fromEntries(PERSON_COLUMNS.map((column) => [column, shownValue(column, row)])) as Person;
}

function shownValue(column: string, row: Readonly<Record<string, unknown>>): unknown {
  if (column === 'attributes') return attributesOf(row.attributes);
  if (column === 'link_nos') return list(row[column]).map(Number);
  if (LISTS.includes(column)) return list(row[column]);
  return column.endsWith('_at') ? timeOf(row[column.replace(/_at$/, '_ts')]) : (row[column] ?? null);
}

const list = (value: unknown): string[] => (typeof value === 'string' && value !== '' ? value.split(',') : []);

/** Epoch ms as RFC 3339; null where there is none. */
export const timeOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : new Date(Number(value)).toISOString();

/** The further columns of a list. */
export function attributesOf(json: unknown): Readonly<Record<string, string>> {
  return typeof json === 'string' ? JSON.parse(json) : {};
}

/** The same for CSV: values of a list are joined by commas. */
export function csvPerson(person: Person): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(person).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
}
